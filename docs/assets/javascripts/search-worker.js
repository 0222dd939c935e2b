// Looks for words in the site's index, with the lunr that the builder ships beside it.
// Runs apart from the page, so that an old phone stays usable while the index is read.
"use strict";
importScripts("/search/lunr.js");

const MOST = 10;
const SHORTEST_BEGINNING = 4; // "me" is not the beginning of "measures".
const pages = new Map();

const ready = fetch("/search/search_index.json")
  .then((answer) => answer.json())
  .then(({ docs }) => lunr(function () {
    this.ref("location");
    this.field("title", { boost: 10 });
    this.field("found_by", { boost: 8 });
    this.field("description", { boost: 4 });
    this.field("text");
    for (const page of docs) {
      pages.set(page.location, page);
      this.add(page);
    }
  }));

// Words such as "me" and "when" stand everywhere; they count only where there is no other.
function wordsIn(typed) {
  const all = typed.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];
  const telling = all.filter((word) => lunr.stopWordFilter(new lunr.Token(word)));
  return telling.length ? telling : all;
}

function find(index, typed) {
  const words = wordsIn(typed);
  if (!words.length) return [];
  const hits = index.query((query) => {
    for (const word of words) {
      query.term(lunr.tokenizer(word), { boost: 10 });
      if (word.length >= SHORTEST_BEGINNING) {
        query.term(lunr.tokenizer(word), { wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false });
      }
    }
  });
  return hits.slice(0, MOST).map(({ ref }) => pages.get(ref));
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ found: find(await ready, data) });
  } catch {
    postMessage({ failed: true });
  }
});
