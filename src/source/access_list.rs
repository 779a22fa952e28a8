//! Access control lists as Linux stores them with a file's mode (acl(5), POSIX.1e draft 17), and
//! one question: may this user access the file?

use super::FileFacts;

/// The version of the extended attribute (`POSIX_ACL_XATTR_VERSION`, Linux'
/// include/uapi/linux/posix_acl_xattr.h).
const VERSION: [u8; 4] = [2, 0, 0, 0];

/// Bytes of one entry: tag, permissions, user or group.
const ENTRY: usize = 8;

/// Who an entry is about (`ACL_USER_OBJ` and the others, posix_acl.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Owner,
    User(u32),
    OwningGroup,
    Group(u32),
    Mask,
    Others,
}

/// An access control list: who may do what beyond a file's mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList {
    entries: Vec<(Who, u32)>,
}

impl AccessList {
    /// Reads the extended attribute `system.posix_acl_access`; `None` if it has another version or
    /// is not a list.
    ///
    /// ```
    /// use certcheck::{AccessList, FileFacts};
    /// let file = FileFacts { mode: 0o640, uid: 0, gid: 0 };
    /// // user::rw-, user:997:r--, group::---, mask::r--, other::---
    /// let entries = [(1_u16, 6_u16, u32::MAX), (2, 4, 997), (4, 0, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)];
    /// let mut bytes = vec![2, 0, 0, 0];
    /// for (tag, permissions, id) in entries {
    ///     bytes.extend(tag.to_le_bytes());
    ///     bytes.extend(permissions.to_le_bytes());
    ///     bytes.extend(id.to_le_bytes());
    /// }
    /// let list = AccessList::parse(&bytes).unwrap();
    /// assert!(list.allows(997, &[997], file, 0o4));
    /// assert!(!list.allows(998, &[998], file, 0o4));
    /// ```
    pub fn parse(attribute: &[u8]) -> Option<Self> {
        let entries = attribute.strip_prefix(&VERSION)?;
        let read = |entry: &[u8]| {
            let &[tag, tag_high, bits, bits_high, a, b, c, d] = entry else {
                return None;
            };
            let id = u32::from_le_bytes([a, b, c, d]);
            let who = match u16::from_le_bytes([tag, tag_high]) {
                0x01 => Who::Owner,
                0x02 => Who::User(id),
                0x04 => Who::OwningGroup,
                0x08 => Who::Group(id),
                0x10 => Who::Mask,
                0x20 => Who::Others,
                _ => return None,
            };
            Some((who, u32::from(u16::from_le_bytes([bits, bits_high]))))
        };
        let entries = entries
            .chunks(ENTRY)
            .map(read)
            .collect::<Option<Vec<_>>>()?;
        Some(Self { entries })
    }

    /// Whether the user, with these groups, may do what `bit` means (4 read,
    /// 2 write, 1 search): "Access check algorithm" of acl(5). The caller must know that root may
    /// do everything.
    pub fn allows(&self, uid: u32, gids: &[u32], file: FileFacts, bit: u32) -> bool {
        let of = |wanted: Who| {
            let entry = self.entries.iter().find(|entry| entry.0 == wanted);
            entry.map(|entry| entry.1 & bit != 0)
        };
        let masked = of(Who::Mask).unwrap_or(true);
        if uid == file.uid {
            return of(Who::Owner).unwrap_or(false);
        }
        if let Some(allowed) = of(Who::User(uid)) {
            return allowed && masked;
        }
        let mut theirs = self.entries.iter().filter(|entry| match entry.0 {
            Who::OwningGroup => gids.contains(&file.gid),
            Who::Group(gid) => gids.contains(&gid),
            _ => false,
        });
        let first = theirs.next();
        match first {
            Some(first) => {
                let one = first.1 & bit != 0 || theirs.any(|entry| entry.1 & bit != 0);
                one && masked
            }
            None => of(Who::Others).unwrap_or(false),
        }
    }

    /// Whether the file's own group may do what `bit` means; the group's
    /// bits of the mode are the list's mask.
    pub fn owning_group_allows(&self, bit: u32) -> bool {
        self.has(Who::OwningGroup, bit)
    }

    /// The users that the list names and that may do what `bit` means.
    pub fn users(&self, bit: u32) -> impl Iterator<Item = u32> {
        self.entries.iter().filter_map(move |entry| match entry.0 {
            Who::User(uid) if self.has(entry.0, bit) => Some(uid),
            _ => None,
        })
    }

    /// The groups that the list names and that may do what `bit` means.
    pub fn groups(&self, bit: u32) -> impl Iterator<Item = u32> {
        self.entries.iter().filter_map(move |entry| match entry.0 {
            Who::Group(gid) if self.has(entry.0, bit) => Some(gid),
            _ => None,
        })
    }

    fn has(&self, who: Who, bit: u32) -> bool {
        let grants = |wanted: Who| {
            let entry = self.entries.iter().find(|entry| entry.0 == wanted);
            entry.map(|entry| entry.1 & bit != 0)
        };
        grants(who).unwrap_or(false) && grants(Who::Mask).unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileFacts = FileFacts {
        mode: 0o640,
        uid: 5,
        gid: 6,
    };

    fn list(entries: &[(Who, u32)]) -> AccessList {
        AccessList {
            entries: entries.to_vec(),
        }
    }

    /// Each row was measured with PostgreSQL 15.18, which runs as its own user,
    /// and setfacl of acl 2.3.1.
    #[test]
    fn as_the_kernel_decides() {
        use Who::{Group, Mask, Others, Owner, OwningGroup, User};
        let service = |entries: &[(Who, u32)]| list(entries).allows(70, &[70, 71], FILE, 4);
        // A named user may read.
        assert!(service(&[
            (Owner, 6),
            (User(70), 4),
            (OwningGroup, 0),
            (Mask, 4),
            (Others, 0)
        ]));
        // The mask removes the right again.
        assert!(!service(&[
            (Owner, 6),
            (User(70), 4),
            (OwningGroup, 4),
            (Mask, 1),
            (Others, 4)
        ]));
        // A user named without rights does not get the rights of others.
        assert!(!service(&[
            (Owner, 6),
            (User(70), 0),
            (OwningGroup, 4),
            (Mask, 4),
            (Others, 4)
        ]));
        assert!(!service(&[
            (Owner, 6),
            (OwningGroup, 4),
            (Group(71), 0),
            (Mask, 4),
            (Others, 4)
        ]));
        // Of several groups, one that grants is enough.
        assert!(service(&[
            (Owner, 6),
            (OwningGroup, 0),
            (Group(70), 0),
            (Group(71), 4),
            (Mask, 4),
            (Others, 0)
        ]));
        assert!(service(&[(Owner, 6), (OwningGroup, 0), (Others, 4)]));
        // The owner's own entry is not masked.
        let entries = [(Owner, 4), (User(5), 0), (Mask, 0), (Others, 0)];
        assert!(list(&entries).allows(5, &[], FILE, 4));
    }

    #[test]
    fn who_else_is_named() {
        let entries = [
            (Who::User(8), 6),
            (Who::User(9), 4),
            (Who::OwningGroup, 4),
            (Who::Group(10), 4),
            (Who::Mask, 4),
        ];
        let list = list(&entries);
        assert_eq!(list.users(4).collect::<Vec<_>>(), [8, 9]);
        assert_eq!(list.users(2).count(), 0);
        assert_eq!(list.groups(4).collect::<Vec<_>>(), [10]);
        assert!(list.owning_group_allows(4) && !list.owning_group_allows(2));
    }

    #[test]
    fn what_is_no_list_is_none() {
        for bytes in [
            &b""[..],
            &[1, 0, 0, 0],
            &[2, 0, 0, 0, 1],
            &[2, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0],
        ] {
            assert_eq!(AccessList::parse(bytes), None);
        }
        assert!(AccessList::parse(&[2, 0, 0, 0]).is_some());
    }
}
