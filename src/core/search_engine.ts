// The one search engine that WebSearch asks.

export const SEARCH_ORIGIN = "https://html.duckduckgo.com";

/** The same as a grant names it. */
export const SEARCH_HOST = "html.duckduckgo.com:443";
