//! The neutral answer to every request for a link, and the form for the short code.

use leptos::prelude::*;

use crate::{
    islands::CodeEntry,
    layout::{Assets, Brand, Letter, Scripts},
    text,
};

/// The same words for everyone: a known address, an unknown one, one over the limit.
#[component]
pub fn LoginSentPage(
    /// The org whose login page was used; none on the page for all orgs.
    brand: Option<Brand>,
    /// Where the site's files are.
    assets: &'static Assets,
    /// How long a link lives.
    link_minutes: u32,
    /// Where the code is sent to.
    code_action: String,
    /// Where to ask once more.
    again_href: String,
    /// A code was sent and is not the right one, or no longer.
    code_refused: bool,
) -> impl IntoView {
    let problem = code_refused.then(|| {
        view! {
            <p class="problem" id="code-problem" role="alert">
                "That code does not work. Check it against the newest mail, or ask for a new link. A code can be tried five times."
            </p>
        }
    });
    view! {
        <Letter brand assets title="Look in your mail".to_owned() scripts=Scripts::Islands>
            <div>
                <h1>"Look in your mail"</h1>
                <p class="lead quiet">
                    "If we know this address, a link is on its way. It works once, for "
                    {text::minutes(link_minutes)} "."
                </p>
            </div>
            <CodeEntry>
                <form class="form" method="post" action=code_action>
                    <div class="field">
                        <label for="code">"Or type the code from the mail"</label>
                        <p class="small quiet" id="code-hint">
                            "For when the mail is on another device than this page. Eight characters, such as ABCD-EFGH."
                        </p>
                        <input
                            id="code"
                            class="code"
                            type="text"
                            name="code"
                            autocomplete="one-time-code"
                            autocapitalize="characters"
                            spellcheck="false"
                            maxlength="24"
                            required
                            aria-invalid=code_refused.then_some("true")
                            aria-describedby=if code_refused { "code-hint code-problem" } else { "code-hint" }
                        />
                        {problem}
                    </div>
                    <button class="button">"Sign in with the code"</button>
                </form>
            </CodeEntry>
            <p class="small quiet">
                "Nothing arrives? Look in the spam folder, "
                <a href=again_href>"check the address and ask again"</a>
                ", or ask the person who sent you the invoice. At most five links are sent in ten minutes."
            </p>
        </Letter>
    }
}
