//! What a document may cost. async-graphql has no limits of its own and looks at depth and
//! complexity only after it has parsed, so bytes, tokens and brackets are bounded before.

use async_graphql::{
    ObjectType, SchemaBuilder, SubscriptionType,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use super::{
    budget::{Budget, MOST_VALUES},
    lexer::{Lexed, lex},
};

/// The most tokens in a document.
pub const MAX_TOKENS: usize = 2_000;
/// The most brackets within each other, of any kind: the parser goes down its stack for each. Data and lists within lists
/// come nowhere near.
pub const MAX_NESTING: usize = 64;
/// The most aliases in a document.
pub const MAX_ALIASES: usize = 30;
/// The deepest field of data.
const MAX_DEPTH: usize = 12;
/// The deepest field at all: what every tool asks about the schema names types within types, far deeper than data goes.
const MAX_ENGINE_DEPTH: usize = 20;
/// How often lists of the schema may stand within each other, as in graphql-js (`MaxIntrospectionDepthRule`): the question
/// that every tool asks has one within the other, and a third goes in circles.
const MAX_INTROSPECTION_LISTS: usize = 2;
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
const MAX_COMPLEXITY: usize = 5_000;
/// The most directives in a document.
pub const MAX_DIRECTIVES: usize = 10;
const MAX_RECURSION: usize = 24;
/// The most fields that a document comes to when its fragments are written out.
const MAX_FIELDS: usize = 10_000;

pub(super) fn apply<Q, M, S>(builder: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    builder
        .limit_depth(MAX_ENGINE_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_recursive_depth(MAX_RECURSION)
        .disable_suggestions()
        .with_sorted_fields()
        .with_sorted_enums()
        .extension(Budget(MOST_VALUES))
}

/// Why a text is not even parsed, if it is not.
#[must_use]
pub fn beyond_parsing(source: &str) -> Option<&'static str> {
    let Some(Lexed { tokens, nesting }) = lex(source) else {
        return Some("A block string in the document has no end.");
    };
    if tokens > MAX_TOKENS {
        Some("The document has too many tokens.")
    } else if nesting > MAX_NESTING {
        Some("The document is nested too deep.")
    } else {
        None
    }
}

/// What there is many of in a document that means no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Fields under another name.
    pub aliases: usize,
    /// Directives, wherever they stand. The engine has a limit of its own, which looks past `__typename`.
    pub directives: usize,
    /// The depth of data.
    pub depth: usize,
    /// How often lists of the schema stand within each other.
    pub introspection_lists: usize,
    /// Whether it goes from an invoice to its payments and back to the invoice, as often as it likes, or from payments to more
    /// payments: as many objects as there are payments, to the power of the turns.
    pub goes_in_circles: bool,
    /// Fields as they would be run, fragments followed. Fragments that name others twice double with each step, and what
    /// walks through them must not: the counting ends beyond the limit.
    pub fields: usize,
}

/// Where in a document one is.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    depth: usize,
    /// Within `payments` of whatever has some.
    is_within_payments: bool,
    /// Directly within `payments` that are a list, with nothing of a page between.
    is_payment: bool,
    is_introspection: bool,
    lists: usize,
    /// Spreads of fragments that were followed: one that leads to itself is followed no further than the engine goes.
    spreads: usize,
}

impl Counts {
    /// Counts what a document has.
    #[must_use]
    pub fn of(document: &ExecutableDocument) -> Self {
        let mut counts = Self::default();
        for (_, operation) in document.operations.iter() {
            counts.directives += operation.node.directives.len();
            counts.add(&operation.node.selection_set.node);
        }
        for fragment in document.fragments.values() {
            counts.directives += fragment.node.directives.len();
            counts.add(&fragment.node.selection_set.node);
        }
        for (_, operation) in document.operations.iter() {
            counts.measure(document, &operation.node.selection_set.node, Place::default());
        }
        counts
    }

    /// Why a document is refused, if it is.
    #[must_use]
    pub const fn beyond(self) -> Option<&'static str> {
        if self.aliases > MAX_ALIASES {
            Some("The document has too many aliases.")
        } else if self.directives > MAX_DIRECTIVES {
            Some("The document has too many directives.")
        } else if self.fields > MAX_FIELDS {
            Some("The document comes to too many fields.")
        } else if self.depth > MAX_DEPTH {
            Some("The document is nested too deep.")
        } else if self.goes_in_circles {
            Some(
                "The document goes in circles: the invoice of an invoice's payments, or payments within payments.",
            )
        } else if self.introspection_lists > MAX_INTROSPECTION_LISTS {
            Some("The document goes in circles through the schema.")
        } else {
            None
        }
    }

    /// How deep a selection goes, fragments followed. It stops where it is too deep anyway.
    fn measure(&mut self, document: &ExecutableDocument, set: &SelectionSet, place: Place) {
        if place.depth > MAX_ENGINE_DEPTH || place.spreads > MAX_RECURSION {
            return;
        }
        for item in &set.items {
            self.fields += 1;
            if self.fields > MAX_FIELDS {
                return;
            }
            match &item.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let is_introspection = place.is_introspection || name == "__schema" || name == "__type";
                    let is_list = is_introspection && INTROSPECTION_LISTS.contains(&name);
                    let is_payments = name == "payments";
                    self.goes_in_circles |=
                        is_payments && place.is_within_payments || name == "invoice" && place.is_payment;
                    let here = Place {
                        depth: place.depth + 1,
                        is_within_payments: place.is_within_payments || is_payments,
                        is_payment: is_payments,
                        is_introspection,
                        lists: place.lists + usize::from(is_list),
                        ..place
                    };
                    if !is_introspection {
                        self.depth = self.depth.max(here.depth);
                    }
                    self.introspection_lists = self.introspection_lists.max(here.lists);
                    self.measure(document, &field.node.selection_set.node, here);
                }
                Selection::InlineFragment(fragment) => {
                    self.measure(document, &fragment.node.selection_set.node, place);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        let here = Place { spreads: place.spreads + 1, ..place };
                        self.measure(document, &fragment.node.selection_set.node, here);
                    }
                }
            }
        }
    }

    fn add(&mut self, set: &SelectionSet) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.node.alias.is_some());
                    self.directives += field.node.directives.len();
                    self.add(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives += fragment.node.directives.len();
                    self.add(&fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => self.directives += spread.node.directives.len(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(source: &str) -> Counts {
        Counts::of(&async_graphql::parser::parse_query(source).unwrap())
    }

    #[test]
    fn aliases_and_directives_are_counted_wherever_they_hide() {
        let counts = counts(
            "query @a { a: x @a { b: y ... on Z @a { c: z @a @a } ...f @a } } fragment f on Z @a { d: z e }",
        );
        assert_eq!((counts.aliases, counts.directives, counts.depth), (4, 7, 2));
    }

    #[test]
    fn a_document_may_come_to_a_limit_and_not_beyond_it() {
        let tokens = |count: usize| beyond_parsing(&"a ".repeat(count));
        assert_eq!(tokens(MAX_TOKENS), None);
        assert_eq!(tokens(MAX_TOKENS + 1), Some("The document has too many tokens."));
        let brackets = |count: usize| beyond_parsing(&"[".repeat(count));
        assert_eq!(brackets(MAX_NESTING), None);
        assert_eq!(brackets(MAX_NESTING + 1), Some("The document is nested too deep."));
        assert_eq!(beyond_parsing("\"\"\""), Some("A block string in the document has no end."));

        let beyond = |source: String| counts(&source).beyond();
        let aliases = |count: usize| beyond(format!("{{ {} }}", "a: b ".repeat(count)));
        assert_eq!(aliases(MAX_ALIASES), None);
        assert_eq!(aliases(MAX_ALIASES + 1), Some("The document has too many aliases."));
        let directives = |count: usize| beyond(format!("{{ a {} }}", "@b ".repeat(count)));
        assert_eq!(directives(MAX_DIRECTIVES), None);
        assert_eq!(directives(MAX_DIRECTIVES + 1), Some("The document has too many directives."));
        let fields = |count: usize| beyond(format!("{{ {} }}", "a ".repeat(count)));
        assert_eq!(fields(MAX_FIELDS), None);
        assert_eq!(fields(MAX_FIELDS + 1), Some("The document comes to too many fields."));
        let depth = |count: usize| beyond(format!("{}a{}", "{ a ".repeat(count), " }".repeat(count)));
        assert_eq!(depth(MAX_DEPTH), None);
        assert_eq!(depth(MAX_DEPTH + 1), Some("The document is nested too deep."));
    }

    #[test]
    fn the_counting_goes_as_far_as_the_limits_and_ends_there() {
        let deep = counts(&format!("{}a{}", "{ a ".repeat(40), " }".repeat(40)));
        assert_eq!(deep.depth, MAX_ENGINE_DEPTH + 1);
        // The last field that is allowed is looked at as well.
        let wide = counts(&format!("{{ {} b {{ c }} }}", "a ".repeat(MAX_FIELDS - 2)));
        assert_eq!((wide.fields, wide.depth), (MAX_FIELDS, 2));
        let step = |n: usize| format!("fragment f{n} on Query {{ a ...f{} }} ", n + 1);
        let long = counts(&format!("{{ ...f0 }} {}", (0..40).map(step).collect::<String>()));
        // A field and a spread in each fragment that was followed, and the first spread.
        assert_eq!(long.fields, 1 + 2 * MAX_RECURSION);
    }

    #[test]
    fn payments_within_payments_go_in_circles() {
        let circles = |source: &str| counts(source).goes_in_circles;
        for good in [
            "{ team { payments(first: 9) { edges { node { id invoice { id lines { id } } } } } invoice(id: 1) { payments { id } } } }",
            "{ team { invoices { nodes { payments { client { id } } } } payments { nodes { invoice { client { id } } } } } }",
            "{ portal { payments { nodes { invoiceNumber } } } }",
        ] {
            assert!(!circles(good), "{good}");
        }
        for bad in [
            "{ team { invoice(id: 1) { payments { invoice { id } } } } }",
            "{ team { payments { nodes { invoice { payments { id } } } } } }",
            "{ node(id: 1) { ... on TeamInvoice { a: payments { ...b } } } } fragment b on TeamPayment { c: invoice { id } }",
            "mutation { x { node { ... on TeamInvoice { payments { ... on TeamPayment { invoice { id } } } } } } }",
        ] {
            assert!(circles(bad), "{bad}");
        }
    }

    #[test]
    fn depth_is_that_of_data_and_what_tools_ask_about_the_schema_may_be_deeper() {
        let beyond = |source: &str| counts(source).beyond();
        let nested = |field: &str, times: usize, inner: &str| {
            format!("{}{inner}{}", format!("{field} {{ ").repeat(times), " }".repeat(times))
        };
        assert_eq!(beyond(&format!("{{ {} }}", nested("a", 11, "b"))), None);
        assert!(beyond(&format!("{{ {} }}", nested("a", 12, "b"))).is_some());
        let type_ref = nested("ofType", 9, "name");
        let tools = format!(
            "{{ __schema {{ types {{ fields {{ args {{ type {{ {type_ref} }} }} type {{ {type_ref} }} }} possibleTypes {{ {type_ref} }} }} }} }}"
        );
        assert_eq!(beyond(&tools), None);
        assert_eq!(beyond("{ __schema { types { fields { type { inputFields { name } } } } } }"), None);
        let circle = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
        assert!(beyond(circle).is_some());
        let hidden = "{ __schema { types { ...a } } } fragment a on __Type { fields { type { ...b } } } fragment b on __Type { fields { type { ...c } } } fragment c on __Type { fields { name } }";
        assert!(beyond(hidden).is_some());
        let step = |n: usize| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n + 1, n + 1);
        let doubling = (0..30).map(step).collect::<Vec<_>>().concat();
        assert_eq!(
            beyond(&format!("{{ ...f0 }} {doubling}")),
            Some("The document comes to too many fields.")
        );
        // One that leads to itself is refused by the engine; here it only must end.
        beyond("{ ...a } fragment a on Query { ...a x { ...a } }");
    }
}
