// Whether the browser is a program that reads pages by itself, as far as it says so: search engines, previews of links,
// monitors. Nobody is asked there, and nothing is counted (issue 12, point 7). In JavaScript, since a search through a
// text without regard to case weighs more in the module than this whole file.

const NAMES =
  /bot|crawl|spider|slurp|lighthouse|pagespeed|externalhit|preview|monitor|pingdom|gtmetrix|ptst|archiver|scan/i;

// A maker of phones, which are read by people, has a name like one.
export const isCrawler = NAMES.test(navigator.userAgent.replace(/cubot/i, ""));
