//! Names of the AWS Key Management Service: regions and key ARNs.
//!
//! Syntax after the AWS General Reference ("Amazon Resource Names", "Regions
//! and endpoints") and Tableau's "tsm security kms set-mode aws".

/// Longer than any ARN of a key (75 bytes for the longest region today).
const LONGEST: usize = 256;

/// What is wrong with a key's ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ArnProblem {
    pub(super) reason: String,
    /// Whether it certainly is not a key's ARN.
    pub(super) certain: bool,
}

/// Why `region` is not a code of an AWS region: letters, one or more words, the last one a compass
/// point, and a number; `us-west-2`, `us-gov-west-1`.
pub(super) fn region_problem(region: &str) -> Option<String> {
    if region.is_empty() || region.len() > LONGEST {
        return Some("a region has a short name such as us-west-2".into());
    }
    if quoted(region) {
        return Some(QUOTED.into());
    }
    if region.trim() != region {
        return Some("there are blanks around it".into());
    }
    if region.contains(' ') || region.contains('(') {
        return Some("this is a region's title; give its code, such as us-west-2".into());
    }
    let lower = region.to_ascii_lowercase();
    if lower != region {
        return Some(format!(
            "regions are written in lower case{}",
            match syntax_problem(&lower) {
                None => format!(": {lower}"),
                Some(_) => String::new(),
            }
        ));
    }
    syntax_problem(region)
}

fn syntax_problem(region: &str) -> Option<String> {
    let words: Vec<&str> = region.split('-').collect();
    let [area, between @ .., point, number] = words.as_slice() else {
        return Some("a region has at least three parts, such as us-west-2".into());
    };
    let letters = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    if !letters(area) || !(2..=4).contains(&area.len()) || !between.iter().all(letters) {
        return Some("a region begins with letters for its area, such as us or eu".into());
    }
    // A zone is a region followed by a letter.
    if let Some(zone) = number.strip_suffix(|c: char| c.is_ascii_lowercase())
        && number_of_region(zone)
        && compass(point)
    {
        let region = region
            .strip_suffix(|c: char| c.is_ascii_lowercase())
            .unwrap_or(region);
        return Some(format!(
            "this is an availability zone; its region is {region}"
        ));
    }
    if !number_of_region(number) {
        return Some("a region ends in a number, such as us-west-2".into());
    }
    (!compass(point)).then(|| {
        "the word before the number is not a compass point such as west, central or northeast"
            .into()
    })
}

fn number_of_region(text: &str) -> bool {
    (1..=2).contains(&text.len())
        && !text.starts_with('0')
        && text.bytes().all(|b| b.is_ascii_digit())
}

/// True of every region that AWS has opened so far.
fn compass(word: &str) -> bool {
    matches!(word, "central")
        || word
            .strip_prefix("north")
            .or_else(|| word.strip_prefix("south"))
            .is_some_and(|rest| matches!(rest, "" | "east" | "west"))
        || matches!(word, "east" | "west")
}

/// The partition that a region belongs to.
fn partition_of(region: &str) -> &'static str {
    // The isolated partitions according to AWS's endpoint tables, from memory.
    [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ]
    .into_iter()
    .find(|(prefix, _)| region.starts_with(prefix))
    .map_or("aws", |(_, partition)| partition)
}

const QUOTED: &str = "quotation marks are part of the value; cmd.exe keeps single ones";

fn quoted(text: &str) -> bool {
    text.starts_with(['\'', '"', '‘', '“']) || text.ends_with(['\'', '"', '’', '”'])
}

/// The region in a key's ARN, `arn:PARTITION:kms:REGION:ACCOUNT:key/ID`, and
/// what is wrong with the ARN. The region is returned whenever it is valid.
pub(super) fn key_arn(arn: &str) -> (Option<&str>, Option<ArnProblem>) {
    let certain = |reason: String| {
        Some(ArnProblem {
            reason,
            certain: true,
        })
    };
    if arn.len() > LONGEST {
        return (None, certain("it is longer than any ARN of a key".into()));
    }
    if quoted(arn) {
        return (None, certain(QUOTED.into()));
    }
    if arn.trim() != arn {
        return (None, certain("there are blanks around it".into()));
    }
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [scheme, partition, service, region, account, resource] = parts.as_slice() else {
        let reason = if is_uuid_shaped(arn) || arn.starts_with("mrk-") {
            "this is only the key's ID; give the whole ARN"
        } else if arn.starts_with("alias/") {
            "this is an alias; give the ARN of the key itself"
        } else {
            "an ARN has six parts, arn:aws:kms:REGION:ACCOUNT:key/ID"
        };
        return (None, certain(reason.into()));
    };
    let in_region = region_problem(region).is_none().then_some(*region);
    let problem = if *scheme != "arn" {
        certain("an ARN begins with arn:".into())
    } else if *service != "kms" {
        certain("it names no key of the Key Management Service: its third part is not kms".into())
    } else if let Some(reason) = region_problem(region) {
        certain(format!("its region is not valid: {reason}"))
    } else if *partition != partition_of(region) {
        certain(format!(
            "the region {region} belongs to the partition {}",
            partition_of(region)
        ))
    } else if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        certain("an account number has 12 digits".into())
    } else {
        resource_problem(resource)
    };
    (in_region, problem)
}

fn resource_problem(resource: &str) -> Option<ArnProblem> {
    let certain = |reason: &str| {
        Some(ArnProblem {
            reason: reason.into(),
            certain: true,
        })
    };
    if resource.starts_with("alias/") {
        return certain("this is the ARN of an alias; give the ARN of the key itself");
    }
    let Some(id) = resource.strip_prefix("key/") else {
        return certain("its last part is not key/ID");
    };
    let hexadecimal = |b: u8| b.is_ascii_hexdigit();
    if let Some(digits) = id.strip_prefix("mrk-") {
        return if digits.len() == 32 && digits.bytes().all(hexadecimal) {
            None
        } else {
            certain("a multi-Region key's ID is mrk- and 32 hexadecimal digits")
        };
    }
    if !is_uuid_shaped(id) {
        return certain(
            "a key's ID is a UUID, 8-4-4-4-12 hexadecimal digits, or mrk- and 32 of them",
        );
    }
    if !id.bytes().all(|b| b == b'-' || hexadecimal(b)) {
        // Tableau's page has such an ID as its example, so certcheck only says that no AWS key
        // looks like it.
        return Some(ArnProblem {
            reason:
                "its ID is not hexadecimal, as every key's is; Tableau's example has such an ID"
                    .into(),
            certain: false,
        });
    }
    None
}

/// Groups of 8, 4, 4, 4 and 12 letters or digits.
fn is_uuid_shaped(id: &str) -> bool {
    id.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && id.bytes().all(|b| b == b'-' || b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{key_arn, region_problem};

    #[test]
    fn regions() {
        for region in [
            "us-west-2",
            "us-gov-west-1",
            "cn-north-1",
            "cn-northwest-1",
            "ap-southeast-4",
            "eu-central-1",
            "us-isob-east-1",
            "eusc-de-east-1",
        ] {
            assert_eq!(region_problem(region), None, "{region}");
        }
        for (region, words) in [
            ("", "short name"),
            ("us-west", "three parts"),
            ("us-gov-west", "ends in a number"),
            ("uswest2", "three parts"),
            ("us_west_2", "three parts"),
            ("us-west-2a", "its region is us-west-2"),
            ("US-WEST-2", "lower case: us-west-2"),
            ("US West (Oregon)", "title"),
            (" us-west-2", "blanks"),
            ("'us-west-2'", "quotation"),
            ("us-wset-2", "compass"),
            ("us-west-0", "number"),
            ("1-west-2", "letters"),
            ("us--west-2", "letters"),
            ("us-west-2-", "number"),
            ("us-west-२", "number"),
        ] {
            let reason = region_problem(region).unwrap_or_else(|| panic!("{region} passed"));
            assert!(reason.contains(words), "{region}: {reason}");
        }
        assert!(region_problem(&"us-".repeat(1_000_000)).is_some());
    }

    const ID: &str = "1abc23de-0f45-6a1b-7c89-1d0ef1234567";

    #[test]
    fn arns_of_keys() {
        for (arn, region) in [
            (
                format!("arn:aws:kms:us-west-2:867530990073:key/{ID}"),
                "us-west-2",
            ),
            (
                format!("arn:aws-cn:kms:cn-north-1:867530990073:key/{ID}"),
                "cn-north-1",
            ),
            (
                format!("arn:aws-us-gov:kms:us-gov-east-1:867530990073:key/{ID}"),
                "us-gov-east-1",
            ),
            (
                "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
                    .into(),
                "eu-west-1",
            ),
        ] {
            assert_eq!(key_arn(&arn), (Some(region), None), "{arn}");
        }
        for (arn, words) in [
            (
                format!("arn:aws:kms:us-west-2:867530990073:alias/{ID}"),
                "alias",
            ),
            (
                "arn:aws:kms:us-west-2:867530990073:alias/tableau".into(),
                "alias",
            ),
            (
                format!("arn:aws:kms:us-west-2:86753099007:key/{ID}"),
                "12 digits",
            ),
            (
                format!("arn:aws:kms:us-west-2:8675-3099-0073:key/{ID}"),
                "12 digits",
            ),
            (
                format!("arn:aws:s3:us-west-2:867530990073:key/{ID}"),
                "not kms",
            ),
            (format!("arn:aws:kms::867530990073:key/{ID}"), "region"),
            (
                format!("arn:aws:kms:cn-north-1:867530990073:key/{ID}"),
                "aws-cn",
            ),
            (
                format!("arn:aws-us-gov:kms:us-west-2:867530990073:key/{ID}"),
                "partition aws",
            ),
            (
                format!("ARN:aws:kms:us-west-2:867530990073:key/{ID}"),
                "begins with arn:",
            ),
            (format!("arn:aws:kms:us-west-2:867530990073:{ID}"), "key/ID"),
            ("arn:aws:kms:us-west-2:867530990073:key/abc".into(), "UUID"),
            (
                "arn:aws:kms:us-west-2:867530990073:key/mrk-12".into(),
                "32 hexadecimal",
            ),
            (
                format!("arn:aws:kms:us-west-2:867530990073:key/{ID}:1"),
                "UUID",
            ),
            (ID.into(), "whole ARN"),
            ("alias/tableau".into(), "alias"),
            ("arn:aws:kms".into(), "six parts"),
            (String::new(), "six parts"),
            (
                format!("'arn:aws:kms:us-west-2:867530990073:key/{ID}'"),
                "quotation",
            ),
            (
                format!("arn:aws:kms:us-west-2:867530990073:key/{ID} "),
                "blanks",
            ),
            (":".repeat(1_000_000), "longer"),
        ] {
            let (_, problem) = key_arn(&arn);
            let problem = problem.unwrap_or_else(|| panic!("{arn} passed"));
            assert!(problem.reason.contains(words), "{arn}: {}", problem.reason);
            assert!(problem.certain);
        }
    }

    #[test]
    fn the_example_of_tableaus_page_is_doubted_only() {
        let (region, problem) =
            key_arn("arn:aws:kms:us-west-2:867530990073:key/1abc23de-fg45-6hij-7k89-1l0mn1234567");
        assert_eq!(region, Some("us-west-2"));
        assert!(!problem.unwrap().certain);
    }
}
