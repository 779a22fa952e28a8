//! The macro that writes one area's facts, codes and shapes from one list.

/// Declares the facts of an area: the enum, its codes, default severities,
/// summaries and the shapes of the fields.
macro_rules! facts {
    (
        $(#[$enum_doc:meta])*
        $name:ident {
            $(
                $variant:ident = $code:literal $severity:ident $summary:literal
                { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),* $(,)? }
            )*
        }
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $code, "`: ", $summary, ".")]
                $variant { $( $(#[$field_doc])* $field: $type ),* },
            )*
        }

        impl $name {
            /// The rows of this area in the table of codes.
            pub(crate) const TABLE: &'static [$crate::finding::CodeInfo] = &[
                $( $crate::finding::CodeInfo {
                    code: $code,
                    severity: $crate::finding::Severity::$severity,
                    summary: $summary,
                    fields: &[ $( (stringify!($field), <$type as $crate::finding::value::Fact>::SHAPE) ),* ],
                } ),*
            ];

            /// The code under which these facts are reported.
            pub fn code(&self) -> $crate::finding::Code {
                match self {
                    $( Self::$variant { .. } => $crate::finding::Code($code) ),*
                }
            }

            /// Name and value of every fact, in the order of declaration.
            pub fn fields(&self) -> Vec<(&'static str, $crate::finding::Value)> {
                match self {
                    $( Self::$variant { $($field),* } =>
                        vec![ $( (stringify!($field), $crate::finding::value::Fact::value($field)) ),* ] ),*
                }
            }
        }

        impl From<$name> for $crate::finding::Evidence {
            fn from(facts: $name) -> Self {
                Self::$name(facts)
            }
        }
    };
}

pub(crate) use facts;
