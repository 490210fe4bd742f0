// Reads one JSON document a line, renders it as MDX does, and writes what a reader would see, one JSON answer a line.
//
// in:  {"document": "Markdown"}
// out: {"blocks": [["p", "text"]], "tags": ["p"], "text": "all of it", "labels": ["a node of a diagram"],
//       "diagrams": 1, "error": null}

import { createInterface } from "node:readline";
import { evaluate } from "@mdx-js/mdx";
import { JSDOM } from "jsdom";
import { createElement } from "react";
import * as runtime from "react/jsx-runtime";
import { renderToStaticMarkup } from "react-dom/server";
import remarkGfm from "remark-gfm";

const BLOCKS = "p, li, th, td, h1, h2, h3, h4, h5, h6";

// Mermaid wants a browser, and looks for it while it is being imported.
const { window } = new JSDOM("<!doctype html><body></body>");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

async function page(document) {
  const { default: Content } = await evaluate(document, { ...runtime, remarkPlugins: [remarkGfm] });
  const body = window.document.createElement("body");
  body.innerHTML = renderToStaticMarkup(createElement(Content));
  return body;
}

function blocksOf(body) {
  const innermost = [...body.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS));
  return innermost.map((block) => [block.localName, block.textContent]);
}

function attributesOf(body) {
  const named = (element) => [...element.attributes].map((attribute) => `${element.localName}.${attribute.name}`);
  return [...new Set([...body.querySelectorAll("*")].flatMap(named))].sort();
}

async function labelsOf(diagram) {
  await mermaid.parse(diagram);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(diagram);
  const nodes = db.getVertices ? [...db.getVertices().values()] : [];
  return nodes.map((node) => decoded(node.text));
}

// Mermaid turns #124; into these marks while it parses, and into a character when it draws.
function decoded(text) {
  const element = window.document.createElement("textarea");
  element.innerHTML = text.replace(/ﬂ°°/g, "&#").replace(/ﬂ°/g, "&").replace(/¶ß/g, ";");
  return element.value;
}

async function seen(document) {
  const body = await page(document);
  const diagrams = [...body.querySelectorAll("code.language-mermaid")].map((block) => block.textContent);
  const labels = [];
  for (const diagram of diagrams) {
    labels.push(...(await labelsOf(diagram)));
  }
  return {
    blocks: blocksOf(body),
    tags: [...new Set([...body.querySelectorAll("*")].map((element) => element.localName))].sort(),
    attributes: attributesOf(body),
    text: body.textContent,
    labels,
    diagrams: diagrams.length,
    error: null,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await seen(JSON.parse(line).document);
  } catch (error) {
    answer = { error: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
