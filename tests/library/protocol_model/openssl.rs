//! `Protocol` of OpenSSL 3.0: `SSL_OP_NO_*` bits that start cleared.

/// Whether the value is taken, and the bits that are switched OFF then:
/// 1 SSLv3, 2 TLSv1, 4 TLSv1.1, 8 TLSv1.2, 16 TLSv1.3.
pub(crate) fn switched_off(value: &[u8]) -> (bool, u8) {
    let value: Vec<u8> = value
        .iter()
        .copied()
        .take_while(|&byte| byte != 0)
        .collect();
    let space = |byte: u8| byte == b' ' || (9..=13).contains(&byte);
    let mut off = 0;
    let mut at = 0;
    loop {
        while at < value.len() && space(value[at]) {
            at += 1;
        }
        let comma = value[at..]
            .iter()
            .position(|&byte| byte == b',')
            .map(|offset| at + offset);
        if comma == Some(at) || at == value.len() {
            return (false, off);
        }
        let mut end = comma.unwrap_or(value.len());
        while space(value[end - 1]) {
            end -= 1;
        }
        let mut name = &value[at..end];
        let mut on = true;
        if name[0] == b'+' || name[0] == b'-' {
            on = name[0] == b'+';
            name = &name[1..];
        }
        let bits = match name.to_ascii_uppercase().as_slice() {
            b"ALL" => 31,
            b"SSLV2" => 0,
            b"SSLV3" => 1,
            b"TLSV1" | b"DTLSV1" => 2,
            b"TLSV1.1" => 4,
            b"TLSV1.2" | b"DTLSV1.2" => 8,
            b"TLSV1.3" => 16,
            _ => return (false, off),
        };
        if on {
            off &= !bits;
        } else {
            off |= bits;
        }
        match comma {
            None => return (true, off),
            Some(comma) => at = comma + 1,
        }
    }
}
