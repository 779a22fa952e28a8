//! `config.password-unusable`: a user of TabPy can never log in.

use crate::finding::{Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    PasswordUnusable = ConfigPasswordUnusable Error
    "a user of TabPy can never log in"
    page "password_unusable.txt"
    {
        /// The user's name.
        user: String,
        /// Why the user cannot log in.
        reason: String,
    }
}

impl Rule for PasswordUnusable {
    fn message(&self) -> String {
        let Self { user, reason } = self;
        format!("`{user}` can never log in: {reason}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let Self { user, .. } = self;
        // tabpy/utils/tabpy_user.py: `add` refuses a name that is already in the
        // file. Without `-p`, both commands generate a password and print it.
        Some(
            Remedy::words("set a new password for that user with TabPy's own program").run(
                format!(
                    "tabpy-user update -u {} -f {}",
                    quote(user),
                    quote(&subject.source)
                ),
            ),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: TabPy 2.16.0, Python 3.11"]
    }
}
