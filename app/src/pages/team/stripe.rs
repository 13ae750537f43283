//! Taking payments online: the org's own Stripe account, how it stands, and what Stripe still wants (rule T3).

use leptos::{either::EitherOf3, prelude::*};

use crate::{
    api::team::StripeAccount,
    components::{Chip, Tone},
    layout::{Desk, DeskFrame, DeskTab},
    routes,
};

/// What is said after somebody came back from Stripe, or did not get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripeNews {
    /// Back from telling Stripe what it wanted to know.
    Back,
    /// The way there was too old, or used before.
    Again,
    /// Stripe does not answer, or refuses.
    NoAnswer,
}

impl StripeNews {
    /// As the address says it.
    #[must_use]
    pub const fn as_query(self) -> &'static str {
        match self {
            Self::Back => "back",
            Self::Again => "again",
            Self::NoAnswer => "no-answer",
        }
    }

    /// Reads it; `None` for what is none.
    #[must_use]
    pub fn from_query(query: &str) -> Option<Self> {
        [Self::Back, Self::Again, Self::NoAnswer].into_iter().find(|news| news.as_query() == query)
    }

    const fn text(self) -> Option<&'static str> {
        match self {
            Self::Back => None,
            Self::Again => {
                Some("The way to Stripe works once and for a few minutes. Press the button again.")
            }
            Self::NoAnswer => Some(
                "Stripe does not answer at the moment, or refuses. Nothing was changed. Try again in a minute.",
            ),
        }
    }
}

/// The account.
#[component]
pub fn StripePage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// The account; none where the org is connected to none.
    account: Option<StripeAccount>,
    /// Whether whoever runs the server has set Stripe up.
    is_set_up: bool,
    /// What is said besides.
    news: Option<StripeNews>,
) -> impl IntoView {
    let may_change = frame.is_owner;
    let said =
        news.and_then(StripeNews::text).map(|text| view! { <p class="notice" role="status">{text}</p> });
    let plan = (!frame.has_portal).then(|| {
        view! {
            <p class="notice small">
                "Online payment is part of the plans Studio and Agency. What you connect here begins when the organisation changes to one of them."
            </p>
        }
    });
    let who = (!may_change).then(
        || view! { <p class="notice small">"Only the owner can connect or disconnect an account."</p> },
    );
    let content = match (is_set_up, account) {
        (false, None) => EitherOf3::A(view! {
            <section class="block">
                <p>"Whoever runs this server has not set Stripe up, so nothing can be paid online. Your clients see your payment instructions instead."</p>
            </section>
        }),
        (_, None) => EitherOf3::B(begin(may_change)),
        (_, Some(account)) => EitherOf3::C(stands(account, may_change, &frame)),
    };
    view! {
        <Desk frame title="Online payment".to_owned() tab=DeskTab::Settings is_tab_itself=false>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=routes::APP_SETTINGS>
                            "Settings"
                        </a>
                    </p>
                    <h1>"Online payment"</h1>
                </div>
            </header>
            {said}
            {plan}
            {who}
            {content}
        </Desk>
    }
}

fn begin(may_change: bool) -> impl IntoView {
    let connect = may_change.then(|| {
        view! {
            <form method="post" action=routes::APP_STRIPE_CONNECT>
                <button class="button primary">"Connect Stripe"</button>
            </form>
        }
    });
    view! {
        <section class="block narrow online" aria-labelledby="connect">
            <h2 id="connect">"Be paid by card and bank debit"</h2>
            <p>"Each open invoice gets a button to pay it, in the portal and on its share link. The money goes straight to your own Stripe account; it never passes through this server, and no card number is ever seen here."</p>
            <p class="small quiet">"Stripe asks who you are and where the money is to go. It takes a few minutes, and you can go on later. Stripe’s fees are between you and Stripe."</p>
            {connect}
        </section>
    }
}

fn stands(account: StripeAccount, may_change: bool, frame: &DeskFrame) -> impl IntoView + use<> {
    let StripeAccount { account_id, charges_enabled, details_submitted, wants, connected_at } = account;
    let (tone, state, sentence) = match (charges_enabled, details_submitted) {
        (true, _) => (Tone::Good, "Takes payments", "Open invoices can be paid online."),
        (false, true) => (
            Tone::Part,
            "Being checked",
            "Stripe is looking at what you told it. Until it is done, your clients see your payment instructions.",
        ),
        (false, false) => (
            Tone::Part,
            "Not finished",
            "Stripe does not know enough yet to take payments for you. Until then, your clients see your payment instructions.",
        ),
    };
    let since = frame.formats.date(frame.formats.day_of(connected_at));
    let list = (!wants.is_empty()).then(|| {
        let mut wants: Vec<String> = wants.iter().map(|want| plain(want)).collect();
        wants.dedup();
        let rows = wants.into_iter().map(|want| view! { <li>{want}</li> }).collect_view();
        view! {
            <div>
                <h3>"Stripe still wants to know"</h3>
                <ul class="wants">{rows}</ul>
            </div>
        }
    });
    let go_on = (may_change && (!details_submitted || list.is_some())).then(|| {
        view! {
            <form method="post" action=routes::APP_STRIPE_CONNECT>
                <button class="button primary">"Go on at Stripe"</button>
            </form>
        }
    });
    let end = may_change.then(|| {
        view! {
            <details class="block quiet-block narrow">
                <summary>"Disconnect this account"</summary>
                <p class="small quiet">
                    "Nothing can be paid online any more, and pages on which somebody could pay right now are closed. What is under way at a bank still arrives and is written down. Nothing is deleted at Stripe, and you can connect again."
                </p>
                <form method="post" action=routes::APP_STRIPE_DISCONNECT>
                    <button class="button small">"Disconnect it"</button>
                </form>
            </details>
        }
    });
    view! {
        <section class="block narrow online" aria-labelledby="account">
            <header>
                <h2 id="account">"Your Stripe account"</h2>
                <Chip tone text=state/>
            </header>
            <p>{sentence}</p>
            <dl class="facts">
                <div>
                    <dt class="quiet">"Account"</dt>
                    <dd>
                        <code>{account_id}</code>
                    </dd>
                </div>
                <div>
                    <dt class="quiet">"Connected since"</dt>
                    <dd>{since}</dd>
                </div>
            </dl>
            {list}
            {go_on}
        </section>
        {end}
    }
}

/// What Stripe calls `external_account` in words; what is not known here, such as `business_profile.url`, as it is
/// named.
fn plain(want: &str) -> String {
    let name = want.rsplit_once(".verification.").map_or(want, |(_, what)| what);
    let known = match name {
        "business_type" => "What kind of business it is",
        "external_account" => "The bank account that the money goes to",
        "document" | "additional_document" => "A proof of identity",
        "business_profile.url" => "A website",
        name if name.starts_with("tos_acceptance.") => "Your agreement to its terms",
        name => return name.replace('.', ": ").replace('_', " "),
    };
    known.to_owned()
}
