//! Whether two texts are the same, even while a `static` is computed: `==` is not `const`.

pub(crate) const fn same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([a, one_rest @ ..], [b, other_rest @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (one_rest, other_rest);
    }
    one.is_empty() && other.is_empty()
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn it_is_equality() {
        let texts = ["", "go", "gone", "no", "g"];
        for one in texts {
            for other in texts {
                assert_eq!(same(one, other), one == other, "{one} {other}");
            }
        }
    }
}
