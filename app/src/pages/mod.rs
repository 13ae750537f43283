//! Pages: each one a component that takes its data and is a whole document.
//!
//! Render one with [`crate::render::render`]:
//! `render(move || view! { <PaymentsPage frame page/> })`.

#![expect(
    unreachable_pub,
    reason = "`#[component]` makes the types of its props public, and nobody names them"
)]

pub mod portal;
pub mod team;

mod dev_mail;
mod notice;
mod paid;
mod share;

pub use crate::components::{MOST_PAID_AT_ONCE, MOST_TYPED_AS_AMOUNT, PayNews};
pub use dev_mail::{DevMail, DevMailMessage, DevMailMessagePage, DevMailPage};
pub use notice::NoticePage;
pub use paid::PaidPage;
pub use share::{DeadSharePage, ShareFrame, SharePage};
