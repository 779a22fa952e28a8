//! Slow, literal models of the programs: one byte after the other, one flag
//! for one flag, without a thought for positions or findings. They share no
//! code with the library.

pub(crate) mod apache;
pub(crate) mod haproxy;
pub(crate) mod nginx;
pub(crate) mod openssl;
