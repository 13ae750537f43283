//! Integration tests: the whole application over its router, a real database, a real mail server.
//! Each test runs on SQLite, and on the PostgreSQL that `TEST_POSTGRES_URL` names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    unreachable_pub,
    missing_docs,
    reason = "a test that cannot go on stops; the harness sets up what the application must not touch itself"
)]

mod gateway;
mod harness;
mod hostile;
mod world;

mod account_statement;
mod accounts;
mod activity;
mod activity_page;
mod at_rest;
mod backup;
mod bad_input;
mod billing;
mod books;
mod brand;
mod catalog;
mod clients;
mod csrf;
mod dashboard;
mod demo;
mod doctor;
mod documents;
mod drafts;
mod durability;
mod import;
mod isolation;
mod limits;
mod lists;
mod login;
mod logs;
mod mail;
mod members;
mod neutral;
mod next_request;
mod nodes;
mod online;
mod operations;
mod orgs;
mod overload;
mod own_account;
mod pages;
mod paper;
mod plain;
mod plans;
mod pool;
mod predicates;
mod preview;
mod secrets;
mod seeds;
mod sending;
mod serving;
mod sessions;
mod settings;
mod share;
mod statements;
mod timing;
mod totals;
mod walls;
mod webhooks;
