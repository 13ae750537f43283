//! Stripe's way to write nested parameters in a form: `line_items[0][price_data][currency]=eur`. Reading
//! takes a parameter out; what is left at the end is unknown, and refused.

mod values;

use std::collections::BTreeMap;

use crate::error::ApiError;

type Result<T> = std::result::Result<T, ApiError>;

/// More nesting than any parameter has.
const DEEPEST: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Leaf(String),
    Branch(BTreeMap<String, Node>),
}

/// Parameters that were sent, as far as nobody has read them yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params {
    prefix: String,
    fields: BTreeMap<String, Node>,
}

impl Params {
    /// Reads a form or a query.
    pub(crate) fn parse(form: &[u8]) -> Result<Self> {
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(form) {
            let path = path(&name).filter(|path| path.len() <= DEEPEST);
            let path =
                path.ok_or_else(|| ApiError::invalid(None, format!("Invalid parameter name: {name}")))?;
            insert(&mut params.fields, &path, value.into_owned())
                .ok_or_else(|| ApiError::invalid(None, format!("Invalid object: {name}")).at(&*name))?;
        }
        Ok(params)
    }

    /// The same parameters in another order are the same text.
    pub(crate) fn fingerprint(&self) -> String {
        format!("{:?}", self.fields)
    }

    /// What Stripe calls the parameter at this place.
    pub(crate) fn name(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}[{key}]", self.prefix) }
    }

    /// Parameters within one.
    pub(crate) fn map(&mut self, key: &str) -> Result<Option<Self>> {
        let prefix = self.name(key);
        match self.fields.remove(key) {
            None => Ok(None),
            Some(Node::Branch(fields)) => Ok(Some(Self { prefix, fields })),
            Some(Node::Leaf(_)) => Err(ApiError::invalid(None, "Invalid object").at(prefix)),
        }
    }

    /// A list of parameters, in the order of their numbers.
    pub(crate) fn list(&mut self, key: &str) -> Result<Vec<Self>> {
        let Some(list) = self.map(key)? else { return Ok(Vec::new()) };
        let invalid = || ApiError::invalid(None, "Invalid array").at(list.prefix.clone());
        let mut rows = Vec::new();
        for (number, node) in &list.fields {
            let number: usize = number.parse().map_err(|_| invalid())?;
            let Node::Branch(fields) = node else { return Err(invalid()) };
            rows.push((
                number,
                Self { prefix: format!("{}[{number}]", list.prefix), fields: fields.clone() },
            ));
        }
        rows.sort_by_key(|(number, _)| *number);
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, key: &str) -> Result<Vec<String>> {
        let Some(list) = self.map(key)? else { return Ok(Vec::new()) };
        let leaf = |node: Node| match node {
            Node::Leaf(text) => Ok(text),
            Node::Branch(_) => Err(ApiError::invalid(None, "Invalid string").at(list.prefix.clone())),
        };
        list.fields.into_values().map(leaf).collect()
    }

    /// Takes what Stripe takes and the double makes nothing of.
    pub(crate) fn ignore(&mut self, keys: &[&str]) {
        for key in keys {
            self.fields.remove(*key);
        }
    }

    /// Refuses what Stripe takes and the double does not, in words that say so.
    pub(crate) fn refuse(&self, keys: &[&str]) -> Result<()> {
        match keys.iter().find(|key| self.fields.contains_key(**key)) {
            Some(key) => {
                let name = self.name(key);
                let message = format!("Stripe takes the parameter {name}, this double does not.");
                Err(ApiError::invalid(Some("parameter_unknown"), message).at(name))
            }
            None => Ok(()),
        }
    }

    /// Refuses what nobody has read.
    pub(crate) fn finish(self) -> Result<()> {
        let mut names = Vec::new();
        for (key, node) in &self.fields {
            leaves(&self.name(key), node, &mut names);
        }
        if names.is_empty() { Ok(()) } else { Err(ApiError::unknown(&names)) }
    }
}

/// A parameter that must be there.
pub(crate) fn need<T>(value: Option<T>, name: &str) -> Result<T> {
    value.ok_or_else(|| ApiError::missing(name))
}

fn leaves(name: &str, node: &Node, names: &mut Vec<String>) {
    match node {
        Node::Leaf(_) => names.push(name.to_owned()),
        Node::Branch(fields) if fields.is_empty() => names.push(name.to_owned()),
        Node::Branch(fields) => {
            for (key, node) in fields {
                leaves(&format!("{name}[{key}]"), node, names);
            }
        }
    }
}

/// `a[b][0]` is `a`, `b`, `0`.
fn path(name: &str) -> Option<Vec<&str>> {
    let Some((first, rest)) = name.split_once('[') else { return Some(vec![name]) };
    let mut path = vec![first];
    path.extend(rest.strip_suffix(']')?.split("]["));
    let clean = path.iter().all(|part| !part.contains(['[', ']']));
    (clean && !first.is_empty()).then_some(path)
}

/// Puts a value at its place; `[]` is the next number. `None` where something else stands there.
fn insert(fields: &mut BTreeMap<String, Node>, path: &[&str], value: String) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let key = if first.is_empty() { fields.len().to_string() } else { (*first).to_owned() };
    if rest.is_empty() {
        return match fields.insert(key, Node::Leaf(value)) {
            Some(Node::Branch(_)) => None,
            _ => Some(()),
        };
    }
    match fields.entry(key).or_insert_with(|| Node::Branch(BTreeMap::new())) {
        Node::Branch(fields) => insert(fields, rest, value),
        Node::Leaf(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_parameters_are_read_in_the_order_of_their_numbers() {
        let form = b"items[10][name]=b&items[2][name]=a&expand[]=x&expand[]=y&n=5&on=true";
        let mut params = Params::parse(form).unwrap();
        let mut items = params.list("items").unwrap();
        assert_eq!(items[0].text("name").unwrap().unwrap(), "a");
        assert_eq!(items[1].name("name"), "items[10][name]");
        assert_eq!(params.texts("expand").unwrap(), ["x", "y"]);
        assert_eq!(params.integer("n").unwrap(), Some(5));
        assert_eq!(params.boolean("on").unwrap(), Some(true));
        params.finish().unwrap();
    }

    #[test]
    fn what_nobody_reads_is_unknown_by_its_whole_name() {
        let params = Params::parse(b"a[b][c]=1").unwrap();
        let error = params.finish().unwrap_err();
        assert_eq!((error.code, error.param.as_deref()), (Some("parameter_unknown"), Some("a[b][c]")));
    }

    #[test]
    fn a_name_that_is_text_and_object_at_once_is_refused() {
        for form in ["a=1&a[b]=2", "a[b]=2&a=1", "a[b=1", "[a]=1", "a]b[=1", "a[1][2][3][4][5][6][7][8]=1"] {
            assert!(Params::parse(form.as_bytes()).is_err(), "{form}");
        }
    }

    #[test]
    fn the_order_of_parameters_makes_no_difference_and_their_values_do() {
        let print = |form: &[u8]| Params::parse(form).unwrap().fingerprint();
        assert_eq!(print(b"a=1&b[c]=2"), print(b"b[c]=2&a=1"));
        assert_ne!(print(b"a=1"), print(b"a=2"));
    }
}
