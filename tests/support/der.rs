//! A tree of DER elements that can be taken apart, changed and put together.

#![allow(dead_code, reason = "each test uses a part of it")]

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Sequence(Vec<Node>),
    /// Any other element, by its tag and content.
    Primitive(u8, Vec<u8>),
}

/// The one element of `der`, which is known to be well-formed.
pub(crate) fn parse(der: &[u8]) -> Node {
    let (node, rest) = take(der);
    assert!(rest.is_empty(), "bytes behind the element");
    node
}

fn take(der: &[u8]) -> (Node, &[u8]) {
    let (length, head) = match der[1] {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let count = usize::from(long & 0x7f);
            let digits = &der[2..2 + count];
            let length = digits.iter().fold(0, |sum, &d| sum << 8 | usize::from(d));
            (length, 2 + count)
        }
    };
    let (content, rest) = der[head..].split_at(length);
    if der[0] == 0x30 {
        let mut fields = Vec::new();
        let mut left = content;
        while !left.is_empty() {
            let (node, rest) = take(left);
            fields.push(node);
            left = rest;
        }
        (Node::Sequence(fields), rest)
    } else {
        (Node::Primitive(der[0], content.to_vec()), rest)
    }
}

impl Node {
    pub(crate) fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Sequence(fields) => {
                sequence(&fields.iter().map(Self::to_der).collect::<Vec<_>>())
            }
            Self::Primitive(tag, content) => element(*tag, content),
        }
    }
}

pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let digits: Vec<u8> = length
        .to_be_bytes()
        .into_iter()
        .skip_while(|&digit| digit == 0)
        .collect();
    let head = if length < 0x80 {
        vec![tag, u8::try_from(length).unwrap()]
    } else {
        let count = u8::try_from(digits.len()).unwrap();
        [vec![tag, 0x80 | count], digits].concat()
    };
    [head.as_slice(), content].concat()
}

pub(crate) fn sequence(fields: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &fields.concat())
}

pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    element(4, content)
}

/// An INTEGER in shortest form from any magnitude.
pub(crate) fn integer(magnitude: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = magnitude.iter().copied().skip_while(|&b| b == 0).collect();
    if bytes.first().is_none_or(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    element(2, &bytes)
}
