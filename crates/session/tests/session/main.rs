//! Every rule of who is asked when, at both sides of its boundary, without a browser.

mod answers;
mod authoring;
mod calls;
mod conditions;
mod consent;
mod delays;
mod elements;
mod files;
mod links;
mod page_views;
mod redirects;
mod remembering;
mod sites;
mod support;
mod tabs;
mod turns;
