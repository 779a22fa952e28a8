//! `[defaults]` and `[[target]]`: options of commands, as settings.

use super::{Reader, Table};
use crate::args::Cli;
use crate::failure::Failure;
use crate::project::keys::{self, Key, Setting, Shape};
use crate::project::{Target, below, complaint};
use clap::CommandFactory;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

impl Reader<'_> {
    pub(super) fn defaults(&mut self, table: Table<'_, '_>) -> Vec<Setting> {
        let all = self.keys(keys::COMMANDS[0]);
        let known = |key: &&Key| keys::DEFAULTS.contains(&key.name.as_str());
        let known: Vec<_> = all.iter().filter(known).collect();
        let settings = self.settings(table, &known, &[]);
        for setting in &settings {
            let words = ["certcheck", keys::COMMANDS[0]]
                .map(str::to_owned)
                .into_iter();
            let words = words.chain(keys::words(std::slice::from_ref(setting)));
            if let Err(error) = Cli::command().try_get_matches_from(words) {
                let (what, help) = complaint::words(&error);
                let failure = Failure::new(format!("{}: {what}", setting.place));
                self.wrong.push(match help {
                    Some(help) => failure.help(help),
                    None => failure,
                });
            }
        }
        if let [_, second, ..] = settings
            .iter()
            .filter(|one| ["until", "expires-within"].contains(&one.key.as_str()))
            .collect::<Vec<_>>()
            .as_slice()
        {
            let what = format!(
                "{}: both `until` and `expires-within` are set",
                second.place
            );
            self.wrong
                .push(Failure::new(what).help("remove one of them"));
        }
        // A default is for commands that run elsewhere; a target's paths start at the file.
        let fix = |mut setting: Setting| {
            let files = known
                .iter()
                .any(|key| key.name == setting.key && key.names_files);
            if files {
                for value in &mut setting.values {
                    if !["native", "mozilla"].contains(&value.as_str()) {
                        *value = below(self.directory, value);
                    }
                }
            }
            setting
        };
        settings.into_iter().map(fix).collect()
    }

    pub(super) fn target(&mut self, table: Table<'_, '_>, span: &Range<usize>) -> Option<Target> {
        let name = self.required(table, ("name", "target"), span, "\"web\"");
        let command = match self.text(table, "command") {
            None => Some(keys::COMMANDS[0]),
            Some((text, span)) => {
                let known = keys::COMMANDS.into_iter().find(|known| *known == text);
                if known.is_none() {
                    let help = format!("known: {}", keys::COMMANDS.join(", "));
                    self.wrong(&span, format!("a target has no command `{text}`"), help);
                }
                known
            }
        };
        let command = command?;
        let all = self.keys(command);
        let known: Vec<_> = all.iter().collect();
        let settings = self.settings(table, &known, &["name", "command"]);
        Some(Target {
            name: name?.0,
            command,
            settings,
            place: self.place(span),
        })
    }

    /// The keys of a table that are options, with their values as words.
    fn settings(&mut self, table: Table<'_, '_>, known: &[&Key], others: &[&str]) -> Vec<Setting> {
        let names = known.iter().map(|key| key.name.as_str());
        let names: Vec<&str> = names.chain(others.iter().copied()).collect();
        self.known(table, &names, "key");
        let mut settings = Vec::new();
        for (name, value) in table {
            let of = known.iter().find(|key| key.name == name.get_ref().as_ref());
            if let Some(key) = of
                && let Some(values) = self.values(key, value)
            {
                settings.push(Setting {
                    key: key.name.clone(),
                    values,
                    is_flag: key.shape == Shape::Flag,
                    positional: key.positional,
                    place: self.place(&value.span()),
                });
            }
        }
        settings
    }

    fn values(&mut self, key: &Key, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let one = |value: &DeValue<'_>| match (key.shape, value) {
            (Shape::Number, DeValue::Integer(number)) => Some(number.to_string()),
            (Shape::Text | Shape::Texts, DeValue::String(text)) => Some(text.to_string()),
            (Shape::Text, DeValue::Datetime(date)) => Some(date.to_string()),
            (Shape::Text, DeValue::Integer(number)) if key.name == "server" => {
                Some(number.to_string())
            }
            _ => None,
        };
        let values = match (key.shape, value.get_ref()) {
            (Shape::Flag, DeValue::Boolean(true)) => Some(vec![key.name.clone()]),
            (Shape::Flag, DeValue::Boolean(false)) => Some(Vec::new()),
            (Shape::Texts, DeValue::Array(list)) => {
                list.iter().map(|value| one(value.get_ref())).collect()
            }
            (_, value) => one(value).map(|one| vec![one]),
        };
        if values.is_none() {
            let help = match key.shape {
                Shape::Flag => "write true or false",
                Shape::Number => "write a number",
                Shape::Text => "write a text in quotes",
                Shape::Texts => "write a text in quotes, or a list of them in brackets",
            };
            let kind = value.get_ref().type_str();
            self.wrong(
                &value.span(),
                format!("`{}` is of type {kind}", key.name),
                help,
            );
        }
        values
    }
}
