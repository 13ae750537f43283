//! The org's plan, and what a change of it does, said plainly (rules B1, B2).

use leptos::prelude::*;

use crate::{
    api::team::Plan,
    components::{Chip, Tone},
    layout::{Desk, DeskFrame, DeskTab},
    routes,
};

/// The plans, the org's own among them.
#[component]
pub fn PlanPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// The org's own.
    plan: Plan,
) -> impl IntoView {
    let may_change = frame.is_owner;
    let cards = Plan::ALL.map(|offered| card(offered, plan, may_change)).collect_view();
    let who =
        (!may_change).then(|| view! { <p class="notice small">"Only the owner can change the plan."</p> });
    view! {
        <Desk frame title="Plan".to_owned() tab=DeskTab::Settings is_tab_itself=false>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=routes::APP_SETTINGS>
                            "Settings"
                        </a>
                    </p>
                    <h1>"Plan"</h1>
                </div>
            </header>
            {who}
            <ul class="plans" role="list">
                {cards}
            </ul>
        </Desk>
    }
}

const fn words(plan: Plan) -> (&'static str, &'static str) {
    match plan {
        Plan::Free => {
            ("Free", "Clients, invoices, and share links that tell when they were opened. One member.")
        }
        Plan::Studio => (
            "Studio",
            "The client portal besides: your clients sign in by mail, see all their invoices and pay online. Five members.",
        ),
        Plan::Agency => ("Agency", "All of Studio, for as many members as you like."),
    }
}

/// What a change does to those who are in the portal now.
const fn consequence(from: Plan, to: Plan) -> &'static str {
    match (from, to) {
        (Plan::Studio | Plan::Agency, Plan::Free) => {
            "Clients who are signed in will see a notice in your name instead of their invoices, and nobody gets sign-in links. Share links go on working. Nothing is deleted; coming back restores the sessions that have not run out."
        }
        (Plan::Free, Plan::Studio | Plan::Agency) => {
            "Contacts with portal access can sign in from now on. Sessions that were interrupted go on."
        }
        _ => "Nothing changes for your clients.",
    }
}

fn card(offered: Plan, own: Plan, may_change: bool) -> impl IntoView + use<> {
    let (name, what) = words(offered);
    let is_own = offered == own;
    let change = (may_change && !is_own).then(|| {
        view! {
            <p class="small quiet">{consequence(own, offered)}</p>
            <form method="post" action=routes::APP_PLAN>
                <input type="hidden" name="plan" value=offered.as_form_value()/>
                <button class="button">"Change to " {name}</button>
            </form>
        }
    });
    view! {
        <li class="block">
            <h2>
                {name} " " {is_own.then(|| view! { <Chip tone=Tone::Good text="Your plan"/> })}
            </h2>
            <p>{what}</p>
            {change}
        </li>
    }
}
