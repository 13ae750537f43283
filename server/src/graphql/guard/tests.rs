//! Each guard by itself: there is no wall behind these fields.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

use super::*;
use crate::auth::example;

struct Query;

macro_rules! guarded {
    ($($field:ident: $guard:literal, $sees:expr;)*) => {
        #[Object]
        impl Query {
            $(#[graphql(guard = $guard)]
            async fn $field(&self) -> Option<bool> {
                Some(true)
            })*

            /// The names of what the caller may know of.
            async fn seen(&self, ctx: &Context<'_>) -> Vec<&str> {
                let sees: &[(&str, fn(&Context<'_>) -> bool)] = &[$((stringify!($field), $sees)),*];
                sees.iter().filter(|(_, sees)| sees(ctx)).map(|(name, _)| *name).collect()
            }
        }

        const FIELDS: &[&str] = &[$(stringify!($field)),*];
    };
}

guarded! {
    portal: "PortalOnly", visible_to_portal;
    guest: "GuestOnly", visible_to_guest;
    reader: "ReaderOnly", visible_to_reader;
    somebody: "SomebodyOnly", visible_to_somebody;
    team: "TeamOnly", visible_to_team;
    clients: "SEES_CLIENTS", sees_clients;
    changing: "CHANGES_CLIENTS", changes_clients;
    settings: "CHANGES_SETTINGS", changes_settings;
    owner: "OWNS", owns;
    webhooks: "HANDS_OUT", hands_out;
    person: "IN_PERSON", is_in_person;
    admin: "ADMIN_IN_PERSON", is_admin_in_person;
}

/// The fields that let this caller in, and what they say to it at the others.
async fn ask(caller: Caller) -> (String, Vec<String>) {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).data(caller).finish();
    let document = format!("{{ {} seen }}", FIELDS.join(" "));
    let answer = schema.execute(document).await;
    let data = answer.data.into_json().unwrap();
    let open: Vec<&str> = FIELDS.iter().copied().filter(|field| data[*field] == true).collect();
    assert_eq!(data["seen"], serde_json::json!(open), "whoever may use it may know of it, and nobody else");
    let mut said: Vec<String> = answer.errors.into_iter().map(|error| error.message).collect();
    said.dedup();
    (open.join(" "), said)
}

#[tokio::test]
async fn every_guard_lets_in_whom_it_is_for_and_nobody_else() {
    let everything = "clients:write invoices:write payments:write activity:read settings:write";
    let without_payments = "clients:write invoices:write settings:write";
    for (who, caller, open) in [
        ("nobody", Caller::Nobody, ""),
        ("a contact whose org has no portal", Caller::Disabled, ""),
        ("a contact", Caller::Portal(example::contact()), "portal reader somebody"),
        ("a guest", Caller::Guest(example::guest()), "guest reader somebody"),
        ("a member", Caller::Team(example::member(Role::Member)), "somebody team clients changing person"),
        (
            "an admin",
            Caller::Team(example::member(Role::Admin)),
            "somebody team clients changing settings webhooks person admin",
        ),
        (
            "an owner",
            Caller::Team(example::member(Role::Owner)),
            "somebody team clients changing settings owner webhooks person admin",
        ),
        (
            "a program for all",
            Caller::Team(example::program(Role::Owner, everything)),
            "somebody team clients changing settings owner webhooks",
        ),
        (
            "a program that sees no payments",
            Caller::Team(example::program(Role::Admin, without_payments)),
            "somebody team clients changing settings",
        ),
        (
            "a program of a member",
            Caller::Team(example::program(Role::Member, everything)),
            "somebody team clients changing",
        ),
        (
            "a program that reads",
            Caller::Team(example::program(Role::Owner, "clients:read")),
            "somebody team clients",
        ),
        ("a program for nothing", Caller::Team(example::program(Role::Owner, "")), "somebody team"),
    ] {
        assert_eq!(ask(caller).await.0, open, "{who}");
    }
}

#[tokio::test]
async fn whoever_is_kept_out_hears_why() {
    let sentence = |error: &Error| app::text::sentence(error.to_app().code).to_string();
    for (caller, errors) in [
        (Caller::Nobody, vec![Error::SignedOut]),
        (Caller::Guest(example::guest()), vec![Error::Forbidden]),
        (Caller::Portal(example::contact()), vec![Error::Forbidden]),
    ] {
        assert_eq!(ask(caller).await.1, errors.iter().map(sentence).collect::<Vec<_>>());
    }
    assert!(ask(Caller::Disabled).await.1.contains(&sentence(&Error::PortalDisabled)));
}
