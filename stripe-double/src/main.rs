//! The double alone, for whoever wants to look at it or point another program at it.

use std::net::SocketAddr;

use clap::Parser;
use stripe_double::{Options, StripeDouble, WebhookTarget};

/// A simulation of the slice of Stripe that Postern uses. No money moves.
#[derive(Debug, Parser)]
#[command(name = "stripe-double")]
struct Arguments {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:12111")]
    listen: SocketAddr,
    /// The key that requests must carry
    #[arg(long, default_value = "sk_test_double")]
    api_key: String,
    /// Where webhooks go: an http:// address
    #[arg(long)]
    webhook: Option<String>,
    /// What webhooks are signed with; may be given twice
    #[arg(long, default_value = "whsec_double")]
    secret: Vec<String>,
    /// Where browsers find it, if not where it listens
    #[arg(long)]
    public_url: Option<String>,
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it says where it is")]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let double = StripeDouble::start(Options {
        listen: arguments.listen,
        api_key: arguments.api_key,
        webhook: arguments.webhook.map(|url| WebhookTarget { url, secrets: arguments.secret }),
        public_url: arguments.public_url,
        ..Options::default()
    })
    .await?;
    println!("Simulation of Stripe, no money moves: {}/dashboard", double.url());
    tokio::select! {
        () = double.wait() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}
