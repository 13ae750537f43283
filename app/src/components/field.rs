//! Fields of a form: a label, what was typed, what was wrong with it, and a word of help.

use leptos::prelude::*;

/// One line of text.
#[component]
pub fn TextField(
    /// The field's name, and its id on the page.
    name: &'static str,
    label: &'static str,
    /// What was typed before.
    value: String,
    /// What was wrong with it.
    problem: Option<String>,
    /// The type of the `input`.
    #[prop(default = "text")]
    kind: &'static str,
    /// A word of help, below the field.
    #[prop(default = "")]
    hint: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Nothing may stay empty.
    #[prop(default = true)]
    required: bool,
    /// Say beside the label that it may stay empty, where it may.
    #[prop(default = true)]
    marks_optional: bool,
    /// The most characters there may be.
    #[prop(default = 120)]
    maxlength: u32,
    /// The keyboard that a phone shows, where the type does not say it.
    #[prop(default = "")]
    inputmode: &'static str,
) -> impl IntoView {
    let described = described_by(name, problem.is_some(), hint);
    let inputmode = (!inputmode.is_empty()).then_some(inputmode);
    view! {
        <div class="field">
            {label_of(name, label, required || !marks_optional)}
            <input
                id=name
                type=kind
                name=name
                value=value
                autocomplete=autocomplete
                maxlength=maxlength
                inputmode=inputmode
                required=required
                dir="auto"
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=described
            />
            {below(name, problem, hint)}
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The field's name, and its id on the page.
    name: &'static str,
    label: &'static str,
    /// What was typed before.
    value: String,
    /// What was wrong with it.
    problem: Option<String>,
    /// A word of help, below the field.
    #[prop(default = "")]
    hint: &'static str,
    /// Lines that are seen at once.
    #[prop(default = 4)]
    rows: u32,
    /// The most characters there may be.
    maxlength: u32,
) -> impl IntoView {
    let described = described_by(name, problem.is_some(), hint);
    let text = escaped(&value);
    view! {
        <div class="field">
            {label_of(name, label, false)}
            <textarea
                id=name
                name=name
                rows=rows
                maxlength=maxlength
                dir="auto"
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=described
            >
                {text}
            </textarea>
            {below(name, problem, hint)}
        </div>
    }
}

/// A box to tick.
#[component]
pub fn Checkbox(
    /// The field's name, and its id on the page.
    name: &'static str,
    label: &'static str,
    /// Ticked.
    checked: bool,
    /// A word of help, below the box.
    #[prop(default = "")]
    hint: &'static str,
) -> impl IntoView {
    view! {
        <div class="field tick">
            <input
                id=name
                type="checkbox"
                name=name
                value="on"
                checked=checked
                aria-describedby=described_by(name, false, hint)
            />
            <label for=name>{label}</label>
            {below(name, None, hint)}
        </div>
    }
}

/// What is wrong with a form as a whole.
#[component]
pub fn FormProblem(
    /// The sentence, if something is.
    message: Option<String>,
) -> impl IntoView {
    message.map(|message| view! { <p class="problem form-problem" role="alert">{message}</p> })
}

/// Leptos writes the content of a `textarea` as it is, so that `</textarea>` in it would end the field and
/// begin markup. The browser reads the references back.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn label_of(name: &'static str, label: &'static str, required: bool) -> impl IntoView {
    view! {
        <label for=name>
            {label} {(!required).then(|| view! { <span class="quiet small">" (optional)"</span> })}
        </label>
    }
}

fn described_by(name: &str, is_wrong: bool, hint: &str) -> Option<String> {
    match (is_wrong, hint.is_empty()) {
        (false, true) => None,
        (true, true) => Some(format!("{name}-problem")),
        (false, false) => Some(format!("{name}-hint")),
        (true, false) => Some(format!("{name}-problem {name}-hint")),
    }
}

fn below(name: &'static str, problem: Option<String>, hint: &'static str) -> impl IntoView {
    let problem = problem.map(|problem| {
        view! {
            <p class="problem" id=format!("{name}-problem")>
                {problem}
            </p>
        }
    });
    let hint = (!hint.is_empty()).then(|| {
        view! {
            <p class="hint small quiet" id=format!("{name}-hint")>
                {hint}
            </p>
        }
    });
    view! {
        {problem}
        {hint}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::render;

    #[test]
    fn what_was_typed_cannot_leave_its_field() {
        let hostile = "\"></textarea><script>alert(1)</script>&amp;";
        let area = render(move || {
            view! { <TextArea name="a" label="A" value=hostile.to_owned() problem=None maxlength=100/> }
        });
        let line =
            render(move || view! { <TextField name="b" label="B" value=hostile.to_owned() problem=None/> });
        for html in [&area, &line] {
            assert!(!html.contains("<script>") && html.matches("</textarea>").count() <= 1, "{html}");
        }
        assert!(area.contains("&amp;amp;"), "{area}");
    }
}
