//! The machine's users and groups, from /etc/passwd and /etc/group.

use crate::failure::Failure;
use certcheck::key_file::ServiceUser;

/// The user of that name or number, with its groups.
pub(crate) fn named(name: &str) -> Result<ServiceUser, Failure> {
    let (passwd, group) = (table("/etc/passwd")?, table("/etc/group")?);
    of_lists(name, &passwd, &group).ok_or_else(|| {
        Failure::new(format!("--run-as: there is no user {name} in /etc/passwd"))
            .help("name a local user, or run it where the service runs")
    })
}

/// The same from the lists of a machine or a tree.
pub(crate) fn of_lists(name: &str, passwd: &str, group: &str) -> Option<ServiceUser> {
    let row = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|row| row.first() == Some(&name) || row.get(2) == Some(&name))?;
    let number = |place: usize| row.get(place)?.parse().ok();
    let (uid, gid): (u32, u32) = (number(2)?, number(3)?);
    let user = row.first().copied().unwrap_or(name);
    let mut gids = vec![gid];
    for line in group.lines() {
        let row: Vec<_> = line.split(':').collect();
        let member = row
            .get(3)
            .is_some_and(|users| users.split(',').any(|part| part == user));
        if member && let Some(gid) = row.get(2).and_then(|text| text.parse().ok()) {
            gids.push(gid);
        }
    }
    Some(ServiceUser { uid, gids })
}

fn table(path: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{path}: {error}")))
}
