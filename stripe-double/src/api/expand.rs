//! `expand[]`: objects in place of their ids (<https://docs.stripe.com/api/expanding_objects>).

use serde_json::Value;

use crate::{error::ApiError, state::State};

/// How deep one may ask.
const DEEPEST: usize = 4;

/// Puts objects in place of their ids, along each path.
pub(crate) fn expand(state: &State, mut value: Value, paths: &[String]) -> Result<Value, ApiError> {
    for path in paths {
        let parts: Vec<&str> = path.split('.').collect();
        if parts.len() > DEEPEST {
            let message = format!("You cannot expand more than {DEEPEST} levels of a property: {path}");
            return Err(ApiError::invalid(None, message).at("expand"));
        }
        walk(state, &mut value, &parts).ok_or_else(|| {
            ApiError::invalid(None, format!("This property cannot be expanded ({path}).")).at("expand")
        })?;
    }
    Ok(value)
}

fn walk(state: &State, value: &mut Value, path: &[&str]) -> Option<()> {
    let Some((first, rest)) = path.split_first() else { return Some(()) };
    if let Value::Array(rows) = value {
        return rows.iter_mut().try_for_each(|row| walk(state, row, path));
    }
    if *first == "line_items" && value["object"] == "checkout.session" {
        value["line_items"] = state.sessions.get(value["id"].as_str()?)?.items_json();
    }
    match value.get_mut(first)? {
        Value::Null => Some(()),
        inner @ (Value::Object(_) | Value::Array(_)) => walk(state, inner, rest),
        inner @ Value::String(_) => {
            *inner = object(state, inner.as_str()?)?;
            walk(state, inner, rest)
        }
        _ => None,
    }
}

fn object(state: &State, id: &str) -> Option<Value> {
    match id.split_once('_')?.0 {
        "pi" => Some(state.intents.get(id)?.json()),
        "ch" => Some(state.charges.get(id)?.json()),
        _ => None,
    }
}
