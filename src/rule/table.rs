//! The macros with which a rule declares its facts and an area lists its rules.

/// Declares the facts of one code: the struct, its declaration and its fields.
macro_rules! rule {
    (
        $name:ident = $code:ident $severity:ident
        $summary:literal
        page $page:literal
        { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),* $(,)? }
    ) => {
        #[doc = $summary]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type ),*
        }

        impl $crate::rule::Declared for $name {
            const INFO: $crate::rule::CodeInfo = $crate::rule::CodeInfo {
                code: $crate::finding::Code::$code,
                severity: $crate::finding::Severity::$severity,
                summary: $summary,
                fields: &[
                    $( (stringify!($field), <$type as $crate::finding::value::Fact>::SHAPE) ),*
                ],
                page: include_str!($page),
            };

            fn fields(&self) -> Vec<(&'static str, $crate::finding::Value)> {
                vec![
                    $( (stringify!($field), $crate::finding::value::Fact::value(&self.$field)) ),*
                ]
            }
        }
    };
}

/// Declares the facts of an area: one variant for each of its rules.
macro_rules! facts {
    (
        $(#[$enum_doc:meta])*
        $area:ident { $( $variant:ident ),* $(,)? }
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $area {
            $( #[doc = concat!("See [`", stringify!($variant), "`].")] $variant($variant), )*
        }

        impl $area {
            /// The declarations of this area's rules.
            pub(crate) const TABLE: &'static [$crate::rule::CodeInfo] =
                &[ $( <$variant as $crate::rule::Declared>::INFO ),* ];

            /// The row of the table of codes.
            pub fn info(&self) -> &'static $crate::rule::CodeInfo {
                match self {
                    $( Self::$variant(_) => &<$variant as $crate::rule::Declared>::INFO, )*
                }
            }

            /// The code under which these facts are reported.
            pub fn code(&self) -> $crate::finding::Code {
                self.info().code
            }

            /// Name and value of every fact, in the order of declaration.
            pub fn fields(&self) -> Vec<(&'static str, $crate::finding::Value)> {
                match self {
                    $( Self::$variant(facts) => $crate::rule::Declared::fields(facts), )*
                }
            }

            pub(crate) fn message(&self) -> String {
                match self {
                    $( Self::$variant(facts) => $crate::rule::Rule::message(facts), )*
                }
            }

            pub(crate) fn remedy(
                &self,
                subject: &$crate::finding::Subject,
            ) -> Option<$crate::finding::Remedy> {
                match self {
                    $( Self::$variant(facts) => $crate::rule::Rule::remedy(facts, subject), )*
                }
            }

            pub(crate) fn references(&self) -> Vec<&'static str> {
                match self {
                    $( Self::$variant(facts) => $crate::rule::Rule::references(facts), )*
                }
            }
        }

        impl From<$area> for $crate::rule::Evidence {
            fn from(facts: $area) -> Self {
                Self::$area(facts)
            }
        }

        $(
            impl From<$variant> for $area {
                fn from(facts: $variant) -> Self {
                    Self::$variant(facts)
                }
            }

            impl From<$variant> for $crate::rule::Evidence {
                fn from(facts: $variant) -> Self {
                    Self::$area($area::$variant(facts))
                }
            }
        )*
    };
}

pub(crate) use {facts, rule};
