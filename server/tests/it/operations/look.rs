//! Looking for anybody's word in what somebody was shown or mailed, and in the log.

use std::collections::BTreeSet;

use postern::{
    doctor::{
        visitor::Answer,
        world::{Client, Place, Secret},
    },
    jobs,
    mail::Message,
};

use super::{Count, Down, Play, ask::somebody};
use crate::{harness::log, paper::text_of};

impl Play {
    /// Nothing that anybody asks is a fault of ours, but where the check of the rows stops an answer, or nothing does.
    pub(super) fn is_no_fault(&self, asked: &str, answer: &Answer) {
        let is_stopped =
            self.down == Down::PredicateAndRecheck || self.down.leaves_it_to_the_recheck(self.database.kind);
        let is_fault = answer.status >= 500 || answer.body.contains("\"code\":\"INTERNAL\"");
        assert!(is_stopped || !is_fault, "{asked}: {} {}", answer.status, answer.body);
    }

    pub(super) fn look_at(
        &mut self,
        at: usize,
        asked: &str,
        answer: &Answer,
        shared: Option<Place>,
        count: &mut Count,
    ) {
        let text = if answer.content_type.starts_with("application/pdf") {
            count.papers += 1;
            text_of(&answer.bytes)
        } else {
            answer.body.clone()
        };
        let who = &self.askers[at];
        let typed = who.place.map(|place| &self.typed[place.org]);
        let is_typed = |text: &str| typed.is_some_and(|typed| typed.contains(text));
        let seen = who.look(&self.world.secrets, &[&text, &answer.headers], asked, shared, is_typed);
        if let Some(secret) = seen.foreign.first() {
            panic!("{} of {:?} was shown to {}, by {asked}: {text}", secret.what, secret.of, who.label);
        }
        count.own += u32::from(seen.own);
    }

    /// What has been mailed went to whom it is for, with its document; and no word of anybody is in the log.
    pub(super) async fn look_at_mails_and_log(&mut self, count: &mut Count) {
        jobs::work_until_idle(&self.app).await.unwrap();
        let mails = [&self.whole, &self.app].map(|app| app.mailbox().unwrap().all());
        for Message { id, to, from_name, subject, text, html, attachment, .. } in
            mails.into_iter().flatten().map(|mail| mail.message)
        {
            if !self.mails_seen.insert(id) {
                continue;
            }
            let paper = attachment
                .filter(|file| file.content_type == "application/pdf")
                .map(|file| text_of(&file.bytes));
            count.papers += u32::from(paper.is_some());
            let whole = [from_name, subject.clone(), text, html, paper.unwrap_or_default()].join(" ");
            let mut from = BTreeSet::new();
            for secret in self.world.secrets.iter().filter(|secret| whole.contains(&secret.text)) {
                assert!(
                    self.may_be_mailed(secret, &to, &subject),
                    "{} of {:?} was mailed to {to}: {subject}",
                    secret.what,
                    secret.of
                );
                from.insert(secret.of.org);
            }
            assert!(from.len() <= 1, "words of several organisations in one mail to {to}: {subject}");
            count.mails += u32::from(!from.is_empty());
        }
        let logged = log::take();
        assert!(logged.lines().count() > 100, "what happens is logged: {logged}");
        let is_word = |secret: &&Secret| secret.what.contains("word") || secret.what == "a token";
        for secret in self.world.secrets.iter().filter(is_word) {
            assert!(!logged.contains(&secret.text), "{} is in the log", secret.what);
        }
    }

    /// Whether it may be in a mail of this subject to this address.
    fn may_be_mailed(&self, secret: &Secret, to: &str, subject: &str) -> bool {
        let Place { org: at, client: of } = secret.of;
        let org = &self.world.orgs[at];
        let is_of_the_team = to == format!("owner@{}.test", org.slug) || to.starts_with(&org.word);
        // Anybody may be invited; by whom is seen by whose words there are.
        let is_invited = subject.starts_with("Join ") && of.is_none();
        let writes_to = |(client, one): (usize, &Client)| to == one.email || to == somebody(at, client);
        let is_of_the_client =
            org.clients.iter().enumerate().filter(|&one| writes_to(one)).any(|(client, _)| {
                // A draft that is sent is an invoice.
                let was_a_draft = of == Some(client) && secret.what.contains("draft");
                secret.is_for(Place { org: at, client: Some(client) }) || was_a_draft
            });
        is_of_the_team || is_invited || is_of_the_client
    }
}
