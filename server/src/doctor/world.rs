//! A world of a few orgs that know nothing of each other, made as people make theirs: by forms, mails and documents.
//! Every text in it carries a word that nobody else's has, so that a leak anywhere can be seen.

use serde_json::Value;

use super::visitor::{Answer, Endpoint, Visitor};
use crate::{
    auth::session::Plan,
    error::{Error, Result},
    jobs, random,
    state::App,
};

/// What an invoice of the world can be.
const STATES: [&str; 4] = ["open", "paid", "void", "draft"];

/// Whose something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which org, counted from 0.
    pub org: usize,
    /// Which of its clients; `None` for what is the org's own.
    pub client: Option<usize>,
}

/// A word or an id that not everybody may see.
#[derive(Debug, Clone)]
pub struct Secret {
    /// What it is, for the report: `an invoice`, `a word in a draft`.
    pub what: &'static str,
    /// How it is written.
    pub text: String,
    /// Whose it is.
    pub of: Place,
    /// Whether the client may see it, and not the team alone; what is the org's own, each of its clients.
    pub is_for_the_client: bool,
}

impl Secret {
    /// Whether the client at this place may see it.
    #[must_use]
    pub fn is_for(&self, client: Place) -> bool {
        let is_of_all = self.of.client.is_none();
        self.is_for_the_client && self.of.org == client.org && (is_of_all || self.of.client == client.client)
    }
}

/// One client.
pub struct Client {
    /// In the portal.
    pub contact: Visitor,
    /// The contact's address.
    pub email: String,
    /// Where the share link of its open invoice leads.
    pub share_path: String,
    /// Ids.
    pub id: String,
    /// Of the contact.
    pub contact_id: String,
    /// Of its invoices: open, paid, void and draft.
    pub invoices: [String; 4],
    /// Of the payment on the paid one.
    pub payment: String,
    /// Stands in every text that it may see.
    pub word: String,
}

impl Client {
    /// Everything that an id in a path or a document can stand for.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        let ids = [&self.id, &self.contact_id, &self.payment];
        ids.into_iter().chain(&self.invoices).map(String::as_str).collect()
    }

    /// The one that is open.
    #[must_use]
    pub fn open(&self) -> &str {
        &self.invoices[0]
    }
}

/// One org.
pub struct Org {
    /// Its short name.
    pub slug: String,
    /// Who made it.
    pub owner: Visitor,
    /// A member without further rights.
    pub member: Visitor,
    /// A program that may do everything a program can.
    pub program: Visitor,
    /// Ids of the org's own things: its webhook, token, members and invitation.
    pub own_ids: Vec<String>,
    /// Whom it bills.
    pub clients: Vec<Client>,
    /// Stands in every text that the team alone may see.
    pub word: String,
}

/// All of it.
pub struct World {
    /// The orgs.
    pub orgs: Vec<Org>,
    /// What is not for everybody.
    pub secrets: Vec<Secret>,
}

impl World {
    /// Fills an application over an empty database, whose mail stays in its mailbox.
    ///
    /// # Errors
    /// [`Error::Bug`] with the answer that was not as it should be.
    pub async fn found(app: &App, orgs: usize, clients: usize) -> Result<Self> {
        let mut world = Self { orgs: vec![], secrets: vec![] };
        for at in 0..orgs {
            let founder = Founder { app, world: &mut world, org: at };
            let org = founder.org(clients).await?;
            world.orgs.push(org);
        }
        Ok(world)
    }
}

/// A word that is nobody else's.
fn word(name: &str) -> String {
    let tail: [u8; 4] = random::bytes();
    format!("{name}{:08x}", u32::from_be_bytes(tail))
}

struct Founder<'a> {
    app: &'a App,
    world: &'a mut World,
    org: usize,
}

impl Founder<'_> {
    fn keep(&mut self, what: &'static str, text: &str, client: Option<usize>, is_for_the_client: bool) {
        let of = Place { org: self.org, client };
        self.world.secrets.push(Secret { what, text: text.to_owned(), of, is_for_the_client });
    }

    fn new_id(&self) -> String {
        random::uuid(self.app.clock.now()).to_string()
    }

    async fn org(mut self, clients: usize) -> Result<Org> {
        let word = word("team");
        self.keep("a word of the team", &word, None, false);
        let slug = format!("org-{}", self.org + 1);
        let mut owner = self.sign_up(&slug, &word).await?;
        self.app.store.system().set_plan(&slug, Plan::Agency).await?;
        self.settings(&mut owner, &slug).await?;
        let (member, mut own_ids) = self.join(&mut owner, &word).await?;
        let token = format!(
            "mutation {{ teamAddToken(input: {{ name: \"{word}\", scopes: [CLIENTS_WRITE, INVOICES_WRITE, PAYMENTS_WRITE, \
             ACTIVITY_READ, SETTINGS_WRITE] }}) {{ id token problems {{ message }} }} }}"
        );
        let token = owner.data(Endpoint::Team, &token).await?["teamAddToken"].take();
        own_ids.push(text(&token["id"])?);
        let mut program = Visitor::with_token(self.app, &text(&token["token"])?);
        self.keep("a token", &text(&token["token"])?, None, false);
        own_ids.push(self.webhook(&mut program, &word).await?);
        let document = self.document(&mut program, &word).await?;
        self.keep("a trusted document", &document, None, false);
        for id in &own_ids {
            self.keep("something of the team's", id, None, false);
        }
        let mut all = vec![];
        for at in 0..clients {
            all.push(self.client(&mut owner, at).await?);
        }
        Ok(Org { slug, owner, member, program, own_ids, clients: all, word })
    }

    async fn sign_up(&self, slug: &str, word: &str) -> Result<Visitor> {
        let mut owner = Visitor::new(self.app);
        // The org's clients may write there, so it is no secret.
        let email = format!("owner@{slug}.test");
        let form =
            [("name", word), ("orgName", slug), ("email", &email), ("password", "correct horse battery")];
        led(&owner.post(app::routes::APP_SIGN_UP, &form).await?)?;
        let link = self.mailed(&email, "/app/sign-up/").await?;
        led(&owner.post(&link, &[("password", "correct horse battery")]).await?)?;
        Ok(owner)
    }

    /// What the org's clients read of it, and nobody else's; its name stands on its page for everybody.
    async fn settings(&mut self, owner: &mut Visitor, slug: &str) -> Result<()> {
        let ours = word("ours");
        self.keep("a word of the org for its clients", &ours, None, true);
        let version =
            owner.data(Endpoint::Team, "{ team { org { version } } }").await?["team"]["org"]["version"]
                .take();
        let save = format!(
            "mutation {{ teamSaveOrg(version: {version}, input: {{ name: \"{slug}\", accent: \"#225577\", address: \"{ours} street\", \
             email: \"owner@{slug}.test\", invoicePrefix: \"{ours}-\", locale: \"en\", paymentInstructions: \"To {ours} bank\", \
             taxId: \"{ours}\", taxName: \"{ours} tax\", timeZone: \"Europe/Vienna\" }}) {{ problems {{ message }} }} }}"
        );
        let saved = owner.data(Endpoint::Team, &save).await?["teamSaveOrg"]["problems"].take();
        if saved.as_array().is_some_and(Vec::is_empty) {
            Ok(())
        } else {
            Err(Error::bug(format!("not saved: {saved}")))
        }
    }

    /// A member who has joined, and an invitation that nobody has answered yet.
    async fn join(&self, owner: &mut Visitor, word: &str) -> Result<(Visitor, Vec<String>)> {
        let (joins, waits) = (format!("{word}@members.test"), format!("{word}@invited.test"));
        for email in [&joins, &waits] {
            let invite = format!(
                "mutation {{ teamInviteMember(email: \"{email}\", role: MEMBER) {{ id problems {{ message }} }} }}"
            );
            owner.data(Endpoint::Team, &invite).await?;
        }
        let link = self.mailed(&joins, "/app/join/").await?;
        let mut member = Visitor::new(self.app);
        led(&member.post(&link, &[("name", word), ("password", "correct horse battery")]).await?)?;
        let people =
            owner.data(Endpoint::Team, "{ team { people { members { id } invitations { id } } } }").await?;
        let people = &people["team"]["people"];
        let all = people["members"].as_array().into_iter().chain(people["invitations"].as_array());
        let ids = all.flatten().map(|one| text(&one["id"])).collect::<Result<_>>()?;
        Ok((member, ids))
    }

    /// A webhook that is switched off: nobody is to be told of what is tried here.
    async fn webhook(&self, program: &mut Visitor, word: &str) -> Result<String> {
        let save = format!(
            "mutation {{ teamSaveWebhook(input: {{ url: \"https://example.org/{word}\", events: [INVOICE_SENT] }}) {{ id problems {{ message }} }} }}"
        );
        let id = text(&program.data(Endpoint::Programs, &save).await?["teamSaveWebhook"]["id"])?;
        let off = format!("mutation {{ teamEnableWebhook(id: \"{id}\", enabled: false) }}");
        program.data(Endpoint::Programs, &off).await?;
        Ok(id)
    }

    async fn document(&self, program: &mut Visitor, word: &str) -> Result<String> {
        let source = format!("query {word} {{ team {{ viewer {{ name }} }} }}");
        let trust =
            format!("mutation {{ teamTrustDocument(source: \"{source}\") {{ id problems {{ message }} }} }}");
        text(&program.data(Endpoint::Programs, &trust).await?["teamTrustDocument"]["id"])
    }

    async fn client(&mut self, owner: &mut Visitor, at: usize) -> Result<Client> {
        let (shown, hidden) = (word("client"), word("draft"));
        self.keep("a word of the client's", &shown, Some(at), true);
        self.keep("a word in a draft", &hidden, Some(at), false);
        let save = format!(
            "mutation {{ teamSaveClient(input: {{ name: \"{shown}\", currency: \"EUR\", address: \"{shown} street\", taxId: \"{shown}\" }}) \
             {{ id problems {{ message }} }} }}"
        );
        let id = text(&owner.data(Endpoint::Team, &save).await?["teamSaveClient"]["id"])?;
        let email = format!("{shown}@clients.test");
        let save = format!(
            "mutation {{ teamSaveContact(clientId: \"{id}\", input: {{ name: \"{shown} person\", email: \"{email}\", portalAccess: true }}) \
             {{ id problems {{ message }} }} }}"
        );
        let contact_id = text(&owner.data(Endpoint::Team, &save).await?["teamSaveContact"]["id"])?;
        let mut invoices = [const { String::new() }; 4];
        for (state, invoice) in STATES.into_iter().zip(&mut invoices) {
            let word = if state == "draft" { &hidden } else { &shown };
            *invoice = self.invoice(owner, (&id, &contact_id), word, state != "draft").await?;
        }
        let payment = self.pay(owner, &invoices[1], &shown).await?;
        let void = format!("mutation {{ teamVoidInvoice(id: \"{}\") {{ id }} }}", invoices[2]);
        owner.data(Endpoint::Team, &void).await?;
        let shared = format!("{{ team {{ invoice(id: \"{}\") {{ shareUrl }} }} }}", invoices[0]);
        let shared = text(&owner.data(Endpoint::Team, &shared).await?["team"]["invoice"]["shareUrl"])?;
        let share_path = shared.trim_start_matches(&self.app.config.public_url.link("")).to_owned();
        let contact = self.sign_in(&email).await?;
        for (what, text) in [("a client", &id), ("a contact", &contact_id), ("a payment", &payment)] {
            self.keep(what, text, Some(at), true);
        }
        for (state, invoice) in STATES.into_iter().zip(&invoices) {
            let what = if state == "draft" { "a draft" } else { "an invoice" };
            self.keep(what, invoice, Some(at), state != "draft");
        }
        Ok(Client { contact, email, share_path, id, contact_id, invoices, payment, word: shown })
    }

    async fn invoice(
        &self,
        owner: &mut Visitor,
        (client, contact): (&str, &str),
        word: &str,
        is_sent: bool,
    ) -> Result<String> {
        let id = self.new_id();
        let save = format!(
            "mutation {{ teamAddDrafts(rows: [{{ id: \"{id}\", clientId: \"{client}\", draft: {{ title: \"{word} title\", \
             reference: \"{word} reference\", notes: \"{word} notes\", issuedOn: \"\", dueOn: \"\", lines: [{{ description: \"{word} line\", \
             quantity: \"1\", unitPrice: \"119\", taxRate: \"19\" }}] }} }}]) {{ id version problems {{ message }} }} }}"
        );
        let saved = owner.data(Endpoint::Team, &save).await?["teamAddDrafts"][0].take();
        if is_sent {
            let send = format!(
                "mutation {{ teamSendInvoice(id: \"{id}\", version: {}, input: {{ contactIds: [\"{contact}\"], message: \"{word} message\" }}) \
                 {{ id problems {{ message }} }} }}",
                saved["version"]
            );
            text(&owner.data(Endpoint::Team, &send).await?["teamSendInvoice"]["id"])?;
        }
        Ok(id)
    }

    async fn pay(&self, owner: &mut Visitor, invoice: &str, word: &str) -> Result<String> {
        let (id, today) = (self.new_id(), self.app.clock.now().date_naive());
        let pay = format!(
            "mutation {{ teamRecordPayment(invoiceId: \"{invoice}\", input: {{ id: \"{id}\", amount: \"141.61\", method: CASH, \
             receivedOn: \"{today}\", reference: \"{word} payment\" }}) {{ id problems {{ message }} }} }}"
        );
        text(&owner.data(Endpoint::Team, &pay).await?["teamRecordPayment"]["id"])
    }

    /// A contact who has come in by the link of their mail.
    async fn sign_in(&self, email: &str) -> Result<Visitor> {
        let mut contact = Visitor::new(self.app);
        led(&contact.post(app::routes::PORTAL_LOGIN, &[("email", email)]).await?)?;
        let link = self.mailed(email, "/portal/link/").await?;
        led(&contact.post(&link, &[]).await?)?;
        Ok(contact)
    }

    /// The newest link of this kind that was mailed to an address.
    async fn mailed(&self, email: &str, path: &str) -> Result<String> {
        jobs::work_until_idle(self.app).await?;
        newest_link(self.app, email, path)
            .ok_or_else(|| Error::bug(format!("no mail to {email} with {path}")))
    }
}

/// The newest link of a kind in the mailbox, to an address.
fn newest_link(app: &App, email: &str, path: &str) -> Option<String> {
    let start = app.config.public_url.link(path);
    let mails = app.mailbox()?.all();
    let mails = mails.iter().rev().filter(|mail| mail.message.to == email);
    mails
        .filter_map(|mail| mail.message.text.split_whitespace().find(|word| word.starts_with(&start)))
        .map(str::to_owned)
        .next()
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| Error::bug(format!("no text: {value}")))
}

fn led(answer: &Answer) -> Result<()> {
    if answer.status == 303 { Ok(()) } else { Err(Error::bug(format!("not led on: {answer:?}"))) }
}
