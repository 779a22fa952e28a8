//! The other versions of a client that answer differently.
//!
//! certcheck asks a client again in each version in which one of its rules changes: at most a
//! dozen. It does not compute signatures again. If only the handshake changes, and both versions
//! negotiate the same key, the answer is the same.

use super::result::Boundary;
use crate::client::{Client, Judgement, Verdict};

/// What clients say in other versions.
#[derive(Clone, Default)]
pub(super) struct Others(Vec<(Client, Client, Verdict)>);

impl Others {
    /// With several certificates, a version that refuses one of them counts as refusing.
    pub(super) fn add(&mut self, client: Client, variant: Client, verdict: Verdict) {
        let mut known = self.0.iter_mut();
        match known.find(|(of, other, _)| *of == client && *other == variant) {
            Some((.., earlier)) if *earlier != Verdict::Accepts => {}
            Some((.., earlier)) => *earlier = verdict,
            None => self.0.push((client, variant, verdict)),
        }
    }

    fn of(&self, client: Client, variant: Client) -> Option<Verdict> {
        let mut known = self.0.iter();
        let found = known.find(|(of, other, _)| *of == client && *other == variant)?;
        Some(found.2)
    }

    /// Where another version of the client answers differently from the one that was asked: each
    /// change, oldest version first.
    pub(super) fn boundaries(&self, client: Client, own: Verdict) -> Vec<Boundary> {
        let mut all = Vec::new();
        for of_openssl in [false, true] {
            let mut last = None;
            let mut steps = Vec::new();
            let variants = client.variants().into_iter();
            for variant in variants.filter(|variant| variant.of_openssl == of_openssl) {
                let verdict = if variant.client == client {
                    Some(own)
                } else {
                    self.of(client, variant.client)
                };
                let Some(verdict) = verdict else { continue };
                if last != Some(verdict) {
                    last = Some(verdict);
                    steps.push(Boundary {
                        from: variant.from,
                        verdict,
                    });
                }
            }
            // The oldest versions answer as this one does, so there is no change to report.
            let first = usize::from(steps.first().is_some_and(|step| step.verdict == own));
            all.extend(steps.into_iter().skip(first));
        }
        all
    }

    /// The answer of a client whose version was given as `17`, if its updates differ.
    pub(super) fn settle(&self, client: Client, judgement: Judgement) -> Judgement {
        if judgement.verdict == Verdict::Undecided {
            return judgement;
        }
        let mut variants = client.variants().into_iter();
        let differs = variants.find_map(|variant| {
            let verdict = self.of(client, variant.client)?;
            (verdict != judgement.verdict).then_some((variant.from, verdict))
        });
        match differs {
            None => judgement,
            Some((from, verdict)) => Judgement::open(&format!(
                "it depends on the version: from {from} on, {} {}; give the whole version",
                client.name(),
                match verdict {
                    Verdict::Accepts => "accepts",
                    Verdict::Refuses => "refuses",
                    Verdict::Undecided => "is undecided",
                }
            )),
        }
    }
}
