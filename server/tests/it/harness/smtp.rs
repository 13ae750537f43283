//! A mail server: it speaks SMTP over TCP and keeps what it is given. It can be told to refuse.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// The server.
#[derive(Clone)]
pub struct SmtpServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    mails: Vec<Mail>,
    refusal: Option<String>,
    takes_unicode: bool,
    /// What single recipients are answered.
    refusals: BTreeMap<String, Refusal>,
    /// Whether the word that a mail was taken is held back.
    held: watch::Sender<bool>,
}

/// What becomes of mail to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// This line.
    Line(&'static str),
    /// Nothing is said any more.
    Silence,
}

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Whom the envelope names as the sender.
    pub from: String,
    /// The last one whom the envelope names.
    pub to: String,
    /// Everybody whom the envelope names.
    pub recipients: Vec<String>,
    pub raw: String,
    pub text: String,
    pub html: String,
}

impl SmtpServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { port, state }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Answers every recipient with this line, until told otherwise.
    pub fn refuse_with(&self, line: Option<&str>) {
        self.state.lock().unwrap().refusal = line.map(str::to_owned);
    }

    /// Takes addresses with letters beyond ASCII from now on (RFC 6531).
    pub fn take_unicode(&self) {
        self.state.lock().unwrap().takes_unicode = true;
    }

    /// Answers one recipient like this, until told otherwise.
    pub fn refuse(&self, address: &str, refusal: Option<Refusal>) {
        let mut state = self.state.lock().unwrap();
        match refusal {
            Some(refusal) => state.refusals.insert(address.to_owned(), refusal),
            None => state.refusals.remove(address),
        };
    }

    /// Takes mails, and says so only when told.
    pub fn hold(&self, held: bool) {
        self.state.lock().unwrap().held.send_replace(held);
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Everything that arrived, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.state.lock().unwrap().mails.clone()
    }

    /// How many mails this address got.
    pub fn count_to(&self, address: &str) -> usize {
        self.mails().iter().filter(|mail| mail.to.eq_ignore_ascii_case(address)).count()
    }

    /// The newest mail to an address.
    pub fn newest_to(&self, address: &str) -> Mail {
        let mails = self.mails();
        mails.into_iter().rfind(|mail| mail.to.eq_ignore_ascii_case(address)).expect("a mail to this address")
    }
}

impl Mail {
    /// The first link in the plain text that leads to a path with this beginning, without the site.
    pub fn link(&self, path: &str) -> String {
        let at = self.text.find(path).unwrap_or_else(|| panic!("a link to {path} in {}", self.text));
        self.text[at..].split_whitespace().next().unwrap().to_owned()
    }

    fn new(from: String, recipients: Vec<String>, raw: String) -> Self {
        let parsed = mailparse::parse_mail(raw.as_bytes()).unwrap();
        let mut texts = (String::new(), String::new());
        collect(&parsed, &mut texts);
        let to = recipients.last().cloned().unwrap_or_default();
        Self { from, to, recipients, text: texts.0, html: texts.1, raw }
    }

    /// The paths of the magic links, in order.
    pub fn links(&self) -> Vec<String> {
        let mark = format!("{}/portal/link/", super::PUBLIC_URL);
        self.text
            .split_whitespace()
            .filter(|word| word.starts_with(&mark))
            .map(|word| word[super::PUBLIC_URL.len()..].to_owned())
            .collect()
    }

    /// The short code.
    pub fn code(&self) -> String {
        let is_code = |word: &&str| {
            word.len() == 9
                && word.char_indices().all(|(at, c)| {
                    if at == 4 { c == '-' } else { c.is_ascii_digit() || c.is_ascii_uppercase() }
                })
        };
        self.text.split_whitespace().find(is_code).expect("a code").to_owned()
    }

    /// The file that comes along: its name and its bytes.
    pub fn attachment(&self) -> (String, Vec<u8>) {
        let parsed = mailparse::parse_mail(self.raw.as_bytes()).unwrap();
        let mut parts = vec![&parsed];
        while let Some(part) = parts.pop() {
            let disposition = part.get_content_disposition();
            if disposition.disposition == mailparse::DispositionType::Attachment {
                return (disposition.params["filename"].clone(), part.get_body_raw().unwrap());
            }
            parts.extend(&part.subparts);
        }
        panic!("no attachment in {}", self.raw)
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> String {
        let parsed = mailparse::parse_mail(self.raw.as_bytes()).unwrap();
        mailparse::MailHeaderMap::get_first_value(parsed.headers.as_slice(), name).unwrap_or_default()
    }
}

fn collect(part: &mailparse::ParsedMail<'_>, texts: &mut (String, String)) {
    match part.ctype.mimetype.as_str() {
        "text/plain" => texts.0 = part.get_body().unwrap(),
        "text/html" => texts.1 = part.get_body().unwrap(),
        _ => part.subparts.iter().for_each(|part| collect(part, texts)),
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let (mut from, mut recipients) = (String::new(), vec![]);
    writer.write_all(b"220 test\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "MAIL" => {
                recipients.clear();
                line.split_once('<')?.1.split_once('>')?.0.clone_into(&mut from);
                "250 ok".to_owned()
            }
            "RCPT" => {
                let address = line.split_once('<')?.1.split_once('>')?.0;
                recipients.push(address.to_owned());
                let (all, one) = {
                    let state = state.lock().unwrap();
                    (state.refusal.clone(), state.refusals.get(address).cloned())
                };
                match one {
                    Some(Refusal::Silence) => std::future::pending().await,
                    Some(Refusal::Line(line)) => line.to_owned(),
                    None => all.unwrap_or_else(|| "250 ok".to_owned()),
                }
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut raw = String::new();
                loop {
                    // What breaks off in the middle is no mail.
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push_str("\r\n");
                }
                let mut held = {
                    let mut state = state.lock().unwrap();
                    state.mails.push(Mail::new(from.clone(), recipients.clone(), raw));
                    state.held.subscribe()
                };
                held.wait_for(|held| !held).await.ok()?;
                "250 kept".to_owned()
            }
            "EHLO" if state.lock().unwrap().takes_unicode => {
                "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}
