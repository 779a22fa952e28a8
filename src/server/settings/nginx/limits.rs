//! Numbers that nginx reads and refuses afterwards (`ngx_conf_num_bounds_t`, and functions of
//! single directives). Measured: nginx 1.22.1 with 0 and 1 for each directive that takes a number.

use super::zones::size_of;

/// `NGX_MIN_POOL_SIZE` and `NGX_POOL_ALIGNMENT` on 64 bits.
const LEAST_POOL: u64 = 112;
const POOL_STEP: u64 = 16;

/// nginx's message about a number, if it refuses it.
pub(super) fn refuses(name: &str, value: &str) -> Option<String> {
    let number = size_of(value)?;
    let between = |least: u64, most: u64| {
        let outside = !(least..=most).contains(&number);
        outside.then(|| format!("value must be between {least} and {most}"))
    };
    let power = |least: u64, most: u64, words: &str| {
        let fits = number.is_power_of_two() && (least..=most).contains(&number);
        (!fits).then(|| format!("\"{name}\" directive must be {words}"))
    };
    match name {
        "gzip_comp_level" => between(1, 9),
        "limit_conn_status" | "limit_req_status" => between(400, 599),
        "gzip_window" => power(512, 32 << 10, "512, 1k, 2k, 4k, 8k, 16k, or 32k"),
        "gzip_hash" => power(
            512,
            128 << 10,
            "512, 1k, 2k, 4k, 8k, 16k, 32k, 64k, or 128k",
        ),
        "connection_pool_size" | "http2_pool_size" | "request_pool_size" if number < LEAST_POOL => {
            Some(format!("the pool size must be no less than {LEAST_POOL}"))
        }
        "connection_pool_size" | "http2_pool_size" | "request_pool_size"
            if number % POOL_STEP != 0 =>
        {
            Some(format!("the pool size must be a multiple of {POOL_STEP}"))
        }
        "http2_chunk_size" if number == 0 => Some("the http2 chunk size cannot be zero".to_owned()),
        "http2_streams_index_size" if !number.is_power_of_two() => {
            Some(format!("\"{name}\" directive must be a power of two"))
        }
        // Every configuration listens somewhere, and each socket needs a connection.
        "worker_connections" if number < 2 => Some(format!(
            "{number} worker_connections are not enough for the listening sockets"
        )),
        "proxy_headers_hash_bucket_size"
        | "proxy_headers_hash_max_size"
        | "types_hash_bucket_size"
        | "types_hash_max_size"
            if number == 0 =>
        {
            let table = name.trim_end_matches("_bucket_size");
            let table = table.trim_end_matches("_max_size");
            Some(format!(
                "could not build {table}, you should increase {name}: {value}"
            ))
        }
        _ => None,
    }
}

/// Whether it is smaller than any pool.
pub(super) fn is_tiny(size: &str) -> bool {
    size_of(size).is_some_and(|size| size < LEAST_POOL)
}

#[cfg(test)]
mod tests {
    use super::refuses;

    #[test]
    fn numbers_have_bounds() {
        for (name, good, bad) in [
            ("gzip_comp_level", "9", "10"),
            ("gzip_window", "4k", "5k"),
            ("connection_pool_size", "112", "120"),
            ("worker_connections", "2", "1"),
            ("types_hash_max_size", "1", "0"),
        ] {
            assert_eq!(refuses(name, good), None, "{name}");
            assert!(refuses(name, bad).is_some(), "{name}");
        }
    }
}
