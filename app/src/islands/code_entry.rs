//! Helps to type the short code from the mail: capitals, a dash in the middle, sent when complete,
//! and sent once. The code is used up by the first submission, so a second one would be refused.

use leptos::{
    ev,
    prelude::*,
    web_sys::{Event, HtmlInputElement},
};

/// Characters before the dash, and after it.
const GROUP: usize = 4;

/// Goes around the form with the code's field. Without a script the form takes the code as it is
/// typed, in any case, with or without the dash.
#[island]
pub fn CodeEntry(
    /// The form.
    children: Children,
) -> impl IntoView {
    let sent = StoredValue::new(false);
    Effect::new(move |_| {
        // The browser's history may bring the page back as it was left; then it is to be used again.
        window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                sent.set_value(false);
            }
        });
    });
    let once = move |event: ev::SubmitEvent| {
        if sent.get_value() {
            event.prevent_default();
        }
        sent.set_value(true);
    };
    view! {
        <div on:input=tidy on:submit=once>
            {children()}
        </div>
    }
}

fn tidy(event: Event) {
    let field = event_target::<HtmlInputElement>(&event);
    let typed = field.value();
    let shown = grouped(&typed);
    if shown != typed {
        field.set_value(&shown);
    }
    if shown.len() > 2 * GROUP
        && let Some(form) = field.form()
    {
        // Refused only by a browser that finds the form incomplete, and then it says so.
        let _ = form.request_submit();
    }
}

/// `abcd ef` becomes `ABCD-EF`.
fn grouped(typed: &str) -> String {
    let mut shown = String::with_capacity(2 * GROUP + 1);
    let characters = typed.chars().filter(char::is_ascii_alphanumeric).take(2 * GROUP);
    for (position, character) in characters.enumerate() {
        if position == GROUP {
            shown.push('-');
        }
        shown.push(character.to_ascii_uppercase());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_code_is_shown_as_two_groups_of_capitals() {
        for (typed, shown) in [
            ("", ""),
            ("abcd", "ABCD"),
            ("abcde", "ABCD-E"),
            (" abcd-efgh ", "ABCD-EFGH"),
            ("ABCDEFGHJK", "ABCD-EFGH"),
            ("é-1", "1"),
        ] {
            assert_eq!(grouped(typed), shown, "{typed:?}");
        }
    }
}
