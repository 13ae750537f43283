//! GraphQL documents made from the schema itself, so that a field that is new is asked for from its first day.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition},
};

use crate::{
    error::{Error, Result},
    graphql,
};

/// Stands in a document for an id that is tried.
pub const ID: &str = "{ID}";
/// Stands for the id of the client whose ids are tried.
pub const CLIENT: &str = "{CLIENT}";
/// Stands for its contact's id.
pub const CONTACT: &str = "{CONTACT}";
/// Stands for the id of its open invoice.
pub const INVOICE: &str = "{INVOICE}";
/// Stands for an id that nobody has.
pub const NEW: &str = "{NEW}";

/// The address that is typed where one is wanted.
pub const SOMEBODY: &str = "somebody@example.org";

/// How deep a document goes below the field that it is about.
const DEPTH: usize = 3;

/// One root field with all that can be asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// As `team.clients` or `teamSaveClient`.
    pub name: String,
    /// The text, with [`ID`] and the like in it.
    pub text: String,
    /// Whether it changes something.
    pub is_mutation: bool,
}

impl Document {
    /// Whether it names anything by its id.
    #[must_use]
    pub fn takes_id(&self) -> bool {
        [ID, CLIENT, CONTACT, INVOICE].iter().any(|hole| self.text.contains(hole))
    }
}

/// All documents, and which fields they ask for, as `Type.field`.
#[derive(Debug)]
pub struct Documents {
    /// One for each field of the roots.
    pub all: Vec<Document>,
    /// What they ask for.
    pub asked: BTreeSet<String>,
    /// What the schema has, in objects that can be reached.
    pub there: BTreeSet<String>,
}

impl Documents {
    /// Those of the schema as it is.
    ///
    /// # Errors
    /// [`Error::Bug`] where the schema cannot be read.
    pub fn of_the_schema() -> Result<Self> {
        let sdl = graphql::sdl();
        let parsed = parse_schema(&sdl).map_err(Error::bug)?;
        let types = parsed.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                Some((definition.node.name.node.to_string(), definition.node.kind))
            }
            _ => None,
        });
        let mut writer = Writer { types: types.collect(), asked: BTreeSet::new() };
        let there = writer.fields().collect();
        let all = [writer.queries(), writer.mutations()].concat();
        Ok(Self { all, asked: writer.asked, there })
    }
}

struct Writer {
    types: BTreeMap<String, TypeKind>,
    asked: BTreeSet<String>,
}

impl Writer {
    fn fields(&self) -> impl Iterator<Item = String> {
        self.types.iter().flat_map(|(name, kind)| {
            let fields = match kind {
                TypeKind::Object(object) => object.fields.as_slice(),
                _ => &[],
            };
            fields.iter().map(move |field| format!("{name}.{}", field.node.name.node))
        })
    }

    fn fields_of(&self, name: &str) -> Vec<FieldDefinition> {
        match self.types.get(name) {
            Some(TypeKind::Object(object)) => object.fields.iter().map(|field| field.node.clone()).collect(),
            Some(TypeKind::Interface(interface)) => {
                interface.fields.iter().map(|field| field.node.clone()).collect()
            }
            _ => vec![],
        }
    }

    /// One for each field of the halves of the schema, and for each other field of the root.
    fn queries(&mut self) -> Vec<Document> {
        let mut documents = vec![];
        for field in self.fields_of("Query") {
            let (root, inner) = (field.name.node.to_string(), base(&field.ty.node));
            self.asked.insert(format!("Query.{root}"));
            if field.arguments.is_empty() && !self.fields_of(&inner).is_empty() {
                for part in self.fields_of(&inner) {
                    let text = format!("{{ {root} {{ {} }} }}", self.field(&inner, &part, DEPTH, &[]));
                    let name = format!("{root}.{}", part.name.node);
                    documents.push(Document { name, text, is_mutation: false });
                }
            } else {
                let text = format!("{{ {} }}", self.field("Query", &field, DEPTH, &[]));
                documents.push(Document { name: root, text, is_mutation: false });
            }
        }
        documents
    }

    fn mutations(&mut self) -> Vec<Document> {
        let fields = self.fields_of("Mutation");
        let document = |field: &FieldDefinition| Document {
            name: field.name.node.to_string(),
            text: format!("mutation {{ {} }}", self.field("Mutation", field, 2, &[])),
            is_mutation: true,
        };
        fields.iter().map(document).collect()
    }

    /// A field with what must be said, and all that is below it down to a depth.
    fn field(&mut self, of: &str, field: &FieldDefinition, depth: usize, above: &[&str]) -> String {
        self.asked.insert(format!("{of}.{}", field.name.node));
        let said =
            self.arguments(&field.arguments.iter().map(|value| value.node.clone()).collect::<Vec<_>>());
        let inner = base(&field.ty.node);
        let below = self.selection(&inner, depth, above);
        format!("{}{said}{below}", field.name.node)
    }

    fn selection(&mut self, name: &str, depth: usize, above: &[&str]) -> String {
        let is_interface = matches!(self.types.get(name), Some(TypeKind::Interface(_)));
        let mut text = String::new();
        for field in self.fields_of(name) {
            let inner = base(&field.ty.node);
            let goes_on = !self.fields_of(&inner).is_empty();
            // What leads back to where one came from is there already, and so are lists within lists.
            if goes_on && (depth == 0 || above.contains(&inner.as_str()) || inner == name) {
                continue;
            }
            let path = [above, &[name]].concat();
            let part = self.field(name, &field, depth.saturating_sub(1), &path);
            let _ = write!(text, " {part}");
        }
        if is_interface {
            for object in self.implementing(name) {
                let part = self.selection(&object, depth.saturating_sub(1), above);
                let _ = write!(text, " ... on {object}{part}");
            }
        }
        if text.is_empty() { text } else { format!(" {{{text} }}") }
    }

    fn implementing(&self, interface: &str) -> Vec<String> {
        let objects = self.types.iter().filter_map(|(name, kind)| match kind {
            TypeKind::Object(object) => {
                object.implements.iter().any(|name| name.node == interface).then(|| name.clone())
            }
            _ => None,
        });
        objects.collect()
    }

    /// What a field cannot be asked without; of a list only the beginning.
    fn arguments(&self, arguments: &[InputValueDefinition]) -> String {
        let said: Vec<String> = arguments
            .iter()
            .filter(|argument| is_needed(argument) || ["id", "first"].contains(&argument.name.node.as_str()))
            .map(|argument| {
                let name = argument.name.node.as_str();
                format!("{name}: {}", self.value(name, &argument.ty.node))
            })
            .collect();
        if said.is_empty() { String::new() } else { format!("({})", said.join(", ")) }
    }

    fn value(&self, name: &str, ty: &Type) -> String {
        let named = match &ty.base {
            BaseType::List(inner) => return format!("[{}]", self.value(name, inner)),
            BaseType::Named(named) => named.as_str(),
        };
        match self.types.get(named) {
            Some(TypeKind::Enum(kind)) => {
                kind.values.first().map_or_else(String::new, |value| value.node.value.node.to_string())
            }
            Some(TypeKind::InputObject(input)) => {
                let fields = input.fields.iter().filter(|field| is_needed(&field.node));
                let said: Vec<String> = fields
                    .map(|field| {
                        let name = field.node.name.node.as_str();
                        // A row brings the id that it is to have.
                        let known_as = if name == "id" { "newId" } else { name };
                        format!("{name}: {}", self.value(known_as, &field.node.ty.node))
                    })
                    .collect();
                format!("{{ {} }}", said.join(", "))
            }
            _ => plain_value(name, named),
        }
    }
}

fn is_needed(value: &InputValueDefinition) -> bool {
    !value.ty.node.nullable && value.default_value.is_none()
}

/// A value that is not refused for how it is written, so that what is refused is refused for whose it is.
fn plain_value(name: &str, named: &str) -> String {
    let text = match (named, name) {
        ("Boolean", _) => return "true".to_owned(),
        ("Int64", _) => return "0".to_owned(),
        ("Int" | "MinorUnits", _) => return "1".to_owned(),
        ("ID", "clientId") => CLIENT,
        ("ID", "contactIds") => CONTACT,
        ("ID", "invoiceId") => INVOICE,
        (_, "newId" | "key") => NEW,
        ("ID", _) => ID,
        ("Date", _) | (_, "receivedOn") => "2026-01-02",
        (_, "amount") => "1",
        (_, "currency") => "EUR",
        (_, "email") => SOMEBODY,
        (_, "url") => "https://example.org/",
        (_, "locale") => "en",
        (_, "timeZone") => "UTC",
        (_, "accent") => "#1f5f4a",
        (_, "source") => "query A { team { viewer { name } } }",
        (_, "text") => "Client,Email\\nx,x@example.org",
        _ => "x",
    };
    format!("\"{text}\"")
}

fn base(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever is in the schema is asked for by one document or another.
    #[test]
    fn every_field_of_the_schema_is_asked_for() {
        let documents = Documents::of_the_schema().unwrap();
        let missing: Vec<_> = documents.there.difference(&documents.asked).collect();
        assert_eq!(missing, Vec::<&String>::new());
        assert!(documents.there.len() > 200, "{}", documents.there.len());
        assert!(documents.all.iter().filter(|document| document.is_mutation).count() > 40);
    }

    /// A list is asked for its beginning, what has an id by an id, and what must be said is said.
    #[test]
    fn a_document_says_what_it_must() {
        let documents = Documents::of_the_schema().unwrap();
        let text = |name: &str| &documents.all.iter().find(|document| document.name == name).unwrap().text;
        assert!(text("team.clients").starts_with("{ team { clients(first: 1) {"), "{}", text("team.clients"));
        assert!(text("portal.invoice").starts_with("{ portal { invoice(id: \"{ID}\") {"));
        assert!(text("node").contains("... on TeamPayment {"), "{}", text("node"));
        let payment =
            "teamRecordPayment(invoiceId: \"{INVOICE}\", input: { amount: \"1\", id: \"{NEW}\", method: ";
        assert!(text("teamRecordPayment").contains(payment), "{}", text("teamRecordPayment"));
    }
}
