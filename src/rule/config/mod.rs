//! Rules about settings and options.

mod address_in_use;
mod client_auth_without_ca;
mod client_ca;
mod condition_assumed;
mod controller_unchecked;
mod ignored_value;
mod include_not_read;
mod key_before_certificate;
mod kms_arn;
mod kms_region;
mod line_continuation;
mod missing_file;
mod missing_option;
mod openssl_conf;
mod option_value;
mod other_version;
mod overridden;
mod password_entry;
mod password_file_mode;
mod password_in_clear;
mod password_unusable;
mod path_from_variable;
mod plaintext_port;
mod port;
mod refused;
mod repeated_option;
mod shell_quoting;
mod tabpy_passwords_over_http;
mod tabpy_plain_http;
mod tls_off;
mod tsm_url;
mod typographic_character;
mod unknown_option;
mod unknown_setting;
mod unused_option;
mod wrong_password;

pub use address_in_use::AddressInUse;
pub use client_auth_without_ca::ClientAuthWithoutCa;
pub use client_ca::ClientCa;
pub use condition_assumed::ConditionAssumed;
pub use controller_unchecked::ControllerUnchecked;
pub use ignored_value::IgnoredValue;
pub use include_not_read::IncludeNotRead;
pub use key_before_certificate::KeyBeforeCertificate;
pub use kms_arn::KmsArn;
pub use kms_region::KmsRegion;
pub use line_continuation::LineContinuation;
pub use missing_file::MissingFile;
pub use missing_option::MissingOption;
pub use openssl_conf::OpensslConf;
pub use option_value::OptionValue;
pub use other_version::OtherVersion;
pub use overridden::Overridden;
pub use password_entry::PasswordEntry;
pub use password_file_mode::PasswordFileMode;
pub use password_in_clear::PasswordInClear;
pub use password_unusable::PasswordUnusable;
pub use path_from_variable::PathFromVariable;
pub use plaintext_port::PlaintextPort;
pub use port::Port;
pub use refused::Refused;
pub use repeated_option::RepeatedOption;
pub use shell_quoting::ShellQuoting;
pub use tabpy_passwords_over_http::TabpyPasswordsOverHttp;
pub use tabpy_plain_http::TabpyPlainHttp;
pub use tls_off::TlsOff;
pub use tsm_url::TsmUrl;
pub use typographic_character::TypographicCharacter;
pub use unknown_option::UnknownOption;
pub use unknown_setting::UnknownSetting;
pub use unused_option::UnusedOption;
pub use wrong_password::WrongPassword;

use crate::rule::facts;

facts! {
/// What is wrong with a command's options or a server's settings.
    ConfigFact { MissingOption, UnknownOption, RepeatedOption, KmsArn, KmsRegion, TsmUrl, Port, TabpyPlainHttp, TabpyPasswordsOverHttp, Refused, IgnoredValue, UnknownSetting, Overridden, TlsOff, KeyBeforeCertificate, MissingFile, IncludeNotRead, ConditionAssumed, PathFromVariable, ClientAuthWithoutCa, ClientCa, PasswordEntry, PasswordUnusable, PasswordFileMode, WrongPassword, OpensslConf, ControllerUnchecked, PasswordInClear, TypographicCharacter, LineContinuation, ShellQuoting, OtherVersion, UnusedOption, OptionValue, PlaintextPort, AddressInUse }
}
