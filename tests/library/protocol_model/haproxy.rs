//! The versions of an HAProxy 2.6 bind line: flags and limits as numbers,
//! 1 SSLv3 to 5 TLSv1.3, 0 for none.

/// The words of version options (no quotes) to the versions that are on;
/// `None` where HAProxy refuses.
pub(crate) fn enabled(words: &[String]) -> Option<Vec<u32>> {
    let names = ["", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
    let shorts = ["", "sslv3", "tlsv10", "tlsv11", "tlsv12", "tlsv13"];
    let find = |table: [&str; 6], word: &str| {
        (1..6)
            .find(|&index| table[index] == word)
            .map(|index| u32::try_from(index).unwrap())
    };
    let (mut flags, mut min, mut max) = (0_u32, 0, 0);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "ssl-min-ver" => min = find(names, words.next()?)?,
            "ssl-max-ver" => max = find(names, words.next()?)?,
            word => match word.split_once('-')? {
                ("no", short) => flags |= 1 << find(shorts, short)?,
                ("force", short) => {
                    min = find(shorts, short)?;
                    max = min;
                }
                _ => return None,
            },
        }
    }
    if min != 0 || max != 0 {
        flags = 0;
    }
    if min == 0 {
        min = if max == 0 || max >= 4 { 4 } else { max };
    }
    if max == 0 {
        max = 5;
    }
    // SSLv3 is compiled out.
    let on: Vec<_> = (2..6)
        .filter(|&version| version >= min && version <= max && flags & (1 << version) == 0)
        .collect();
    (!on.is_empty()).then_some(on)
}
