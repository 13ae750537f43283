//! Two fields for the first and the last day of something.

use leptos::prelude::*;

use super::TextField;
use crate::problem::Problems;

/// The fields `from` and `to`, either of which may stay empty.
#[component]
pub fn DayRange(
    /// The first day as it was typed.
    from: String,
    /// The last day as it was typed.
    to: String,
    /// What was wrong with them.
    problems: Problems,
) -> impl IntoView {
    let field = |name: &'static str, label: &'static str, value: String| {
        view! {
            <TextField
                name
                label
                kind="date"
                value
                problem=problems.of(name)
                marks_optional=false
                required=false
            />
        }
    };
    view! {
        {field("from", "From", from)}
        {field("to", "To", to)}
    }
}
