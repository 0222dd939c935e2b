// Looks for words in the index that the builder made, with the lunr that it ships beside it.
// Runs apart from the page, so that an old phone stays usable while the index is read.
"use strict";
importScripts("/search/lunr.js");

const MOST = 20;
const AROUND = 60;
const pages = new Map();

const ready = fetch("/search/search_index.json")
  .then((answer) => answer.json())
  .then(({ docs }) => {
    // The builder also lists each heading by itself; a page holds all of its words already.
    for (const doc of docs) if (!doc.location.includes("#")) pages.set(doc.location, doc);
    return lunr(function () {
      this.ref("location");
      this.field("title", { boost: 10 });
      this.field("text");
      for (const page of pages.values()) this.add(page);
    });
  });

// A few words of the page around the first that was looked for.
function excerpt(text, words) {
  const low = text.toLowerCase();
  const places = words.map((word) => low.indexOf(word)).filter((at) => at >= 0);
  if (!places.length) return "";
  const from = Math.max(0, Math.min(...places) - AROUND);
  const part = text.slice(from, from + 2 * AROUND).replace(/\s+/g, " ");
  return part.slice(from ? part.indexOf(" ") + 1 : 0, part.lastIndexOf(" "));
}

function find(index, typed) {
  const words = typed.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];
  const hits = index.query((query) => {
    for (const word of words) {
      query.term(lunr.tokenizer(word), { boost: 10 });
      query.term(lunr.tokenizer(word), { wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false });
    }
  });
  return hits.slice(0, MOST).map(({ ref }) => {
    const { location, title, text } = pages.get(ref);
    return { location, title, excerpt: excerpt(text, words) };
  });
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ found: find(await ready, data) });
  } catch {
    postMessage({ failed: true });
  }
});
