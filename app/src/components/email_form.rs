//! The one form that leads into the portal: an e-mail address, nothing else.

use leptos::prelude::*;

use crate::text::LoginProblem;

/// The form that asks for a link. It keeps what was typed.
#[component]
pub fn EmailForm(
    /// Where it is sent to.
    action: String,
    /// The page to show after signing in.
    next: Option<String>,
    /// What was typed before.
    email: String,
    /// What was wrong with it.
    problem: Option<LoginProblem>,
) -> impl IntoView {
    let described_by = problem.map(|_| "email-problem");
    view! {
        <form class="form" method="post" action=action novalidate=problem.is_some()>
            {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <div class="field">
                <label for="email">"E-mail address"</label>
                <input
                    id="email"
                    type="email"
                    name="email"
                    value=email
                    autocomplete="email"
                    inputmode="email"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="254"
                    required
                    aria-invalid=problem.map(|_| "true")
                    aria-describedby=described_by
                />
                {problem
                    .map(|problem| {
                        view! {
                            <p class="problem" id="email-problem" role="alert">
                                {problem.text()}
                            </p>
                        }
                    })}
            </div>
            <button class="button primary">"Send me a link"</button>
        </form>
    }
}
