//! Several texts of Prometheus' format in one: a collector refuses a metric that is described
//! twice.

/// The metrics of all `texts`, each described once.
pub(crate) fn joined(texts: &[String]) -> String {
    let mut families: Vec<(String, String, String)> = Vec::new();
    for text in texts {
        let mut place = None;
        for line in text.lines() {
            let words = line.strip_prefix("# HELP ");
            if let Some(name) = words.and_then(|rest| rest.split(' ').next()) {
                let known = families.iter().position(|(known, ..)| known == name);
                place = Some(known.unwrap_or(families.len()));
                if known.is_none() {
                    families.push((name.to_owned(), String::new(), String::new()));
                }
            }
            let Some((_, head, values)) = place.and_then(|place| families.get_mut(place)) else {
                continue;
            };
            if !line.starts_with('#') {
                values.push_str(line);
                values.push('\n');
            } else if !head.lines().any(|known| known == line) {
                head.push_str(line);
                head.push('\n');
            }
        }
    }
    let parts = families.into_iter();
    parts.map(|(_, head, values)| head + &values).collect()
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn each_metric_is_described_once() {
        let one = "# HELP a x\n# TYPE a gauge\na{c=\"1\"} 1\n# HELP b y\n# TYPE b gauge\nb 2\n";
        let other = "# HELP a x\n# TYPE a gauge\na{c=\"2\"} 3\n";
        assert_eq!(
            joined(&[one.to_owned(), other.to_owned()]),
            "# HELP a x\n# TYPE a gauge\na{c=\"1\"} 1\na{c=\"2\"} 3\n\
             # HELP b y\n# TYPE b gauge\nb 2\n"
        );
    }
}
