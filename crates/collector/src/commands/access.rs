//! `token`, `user`, `key`: who may do what.

use super::data::{open, open_or_make};
use super::publishing::check_site;
use super::{ACTOR, say};
use crate::access::{LINK, LONGEST_NAME_BYTES, Token, WriteKey, hash_password};
use crate::config::{Key, MintToken, User};
use crate::store::{EVERY_SITE, Role, RoleOutcome, Store, site_and_survey, survey_key};
use anyhow::{Context, bail, ensure};
use std::io::{self, BufRead, IsTerminal};

pub(super) async fn token(config: &MintToken) -> anyhow::Result<()> {
    // A first token may be made before the first start; there is nothing to list or to revoke before it.
    let store = if config.list || config.revoke.is_some() {
        open(&config.only).await?
    } else {
        open_or_make(&config.only).await?
    };
    if config.list {
        for token in store.tokens().await? {
            let state = match token.revoked_at {
                Some(at) => format!("revoked {}", at.to_rfc3339()),
                None => format!("made {}", token.created_at.to_rfc3339()),
            };
            let site = token.site.map(|site| format!("\tsite {site}")).unwrap_or_default();
            say(&format!("{}\t{}\t{state}{site}", token.label, token.scopes))?;
        }
    } else if let Some(label) = &config.revoke {
        if !store.revoke_token(label, ACTOR).await? {
            bail!("there is no token {label:?} that works (see `token --list`)");
        }
    } else {
        if let Some(site) = &config.site {
            super::publishing::check_site(&store, site).await?;
        }
        let site = config.site.as_deref();
        let token = Token::mint_for(&store, &config.label, &config.scopes(), site).await?;
        say(&token.to_string())?;
    }
    store.close().await;
    Ok(())
}

pub(super) async fn user(config: &User) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    match &config.name {
        None => list(&store).await?,
        Some(name) if config.remove && config.site.is_some() => {
            let site = config.site.as_deref().unwrap_or_default();
            let done = store.set_role(name, site, None, (ACTOR, false)).await?;
            ensure!(
                done == RoleOutcome::Changed,
                "{name:?} has no role on {site:?} alone (see `user`)"
            );
        }
        Some(name) if config.remove => {
            let is_removed = store.remove_user(name, ACTOR).await?;
            ensure!(is_removed, "there is neither a user nor a session {name:?}");
        }
        Some(name) => {
            ensure!(
                (1..=LONGEST_NAME_BYTES).contains(&name.len())
                    && !name.chars().any(char::is_control),
                "a name has 1 to {LONGEST_NAME_BYTES} bytes in one line"
            );
            ensure!(name != LINK, "{LINK:?} is whose sessions `serve --link` begins");
            ensure!(
                config.role.is_some() || config.site.is_none(),
                "--site says where somebody may do something; --role says what (try --role editor)"
            );
            if let Some(site) = &config.site {
                super::publishing::check_site(&store, site).await?;
            }
            let is_new = store.password(name).await?.is_none();
            let site = config.site.as_deref().unwrap_or(EVERY_SITE);
            if is_new || config.role.is_none() {
                let hash = hash_password(&password()?)?;
                let first = (site, config.role.unwrap_or(Role::Owner));
                store.set_password_and_first_role(name, &hash, first, ACTOR).await?;
            }
            if let Some(role) = config.role.filter(|_| !is_new) {
                store.set_role(name, site, Some(role), (ACTOR, false)).await?;
            }
        }
    }
    store.close().await;
    Ok(())
}

/// Who may open the dashboard, and who has opened it: users with their roles, and those who followed a link.
async fn list(store: &Store) -> anyhow::Result<()> {
    let sessions = store.sessions().await?;
    let mut names = store.users().await?;
    names.extend(sessions.iter().map(|(name, _)| name.clone()));
    names.sort();
    names.dedup();
    for name in names {
        let mut line = name.clone();
        match sessions.iter().find(|(of, _)| *of == name) {
            Some((_, 1)) => line.push_str("\t1 session"),
            Some((_, n)) => line.push_str(&format!("\t{n} sessions")),
            None => {}
        }
        let memberships = store.roles_of(&name).await?;
        let is_one = memberships.len() == 1;
        for membership in memberships {
            // Whoever may do everything, and nothing else is said of, is what everybody was before there were roles.
            if !is_one || membership.site != EVERY_SITE || membership.role != Role::Owner {
                let site = match &*membership.site {
                    EVERY_SITE => "every site",
                    site => site,
                };
                line.push_str(&format!("\t{} of {site}", membership.role));
            }
        }
        say(&line)?;
    }
    Ok(())
}

/// Twice from a terminal, where nobody sees it; once from a pipe.
fn password() -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).context("cannot read the password")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let first = rpassword::prompt_password("Password: ").context("cannot read the password")?;
    let second = rpassword::prompt_password("The same again: ").context("cannot read it")?;
    ensure!(first == second, "the two are not the same");
    Ok(first)
}

pub(super) async fn key(config: &Key) -> anyhow::Result<()> {
    let (site, id) = site_and_survey(&config.survey);
    ensure!(sondeo_model::is_name(id), "{:?} is not the id of a survey", config.survey);
    let store = open(&config.only).await?;
    check_site(&store, site).await?;
    let survey = survey_key(site, id);
    if config.remove {
        store.set_write_key(&survey, None, ACTOR).await?;
    } else {
        let key = WriteKey::mint(&store, &survey).await?;
        say(&key.to_string())?;
    }
    store.close().await;
    Ok(())
}
