// Copies the two fonts and the icons that are used out of node_modules into trustfund/static/vendor, which git ignores.
// Run it after `npm ci`: node scripts/vendor.mjs. Without it the pages fall back to system fonts and a few own glyphs.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const vendor = join(root, "trustfund", "static", "vendor");

const FONTS = [
  { family: "Source Sans 3", from: "source-sans-3", file: "source-sans-3-latin-wght-normal.woff2" },
  { family: "Source Serif 4", from: "source-serif-4", file: "source-serif-4-latin-wght-normal.woff2" },
];
const LATIN =
  "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215";

// Where icons are named: {% icon "gavel" %} or icon="gavel" anywhere, and every word of the status table.
const ROOMS = ["ledger", "committee", "bank", "screening", "donors", "disbursements", "assurance", "continuity"];
const SEARCHED = ["templates", "trustfund", ...ROOMS];
const TABLES = ["trustfund/core/wording.py", "trustfund/core/templatetags/ui.py"];
const NAMED = /(?:\bicon\s+|\bicon=|\bicon:\s*)["']([a-z0-9-]+)["']/g;
const QUOTED = /["']([a-z][a-z0-9-]+)["']/g;

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["vendor", "__pycache__", "migrations", "locale"].includes(entry.name)) yield* filesUnder(path);
    } else if (/\.(html|py|txt)$/.test(entry.name)) {
      yield path;
    }
  }
}

function namesIn(path, pattern) {
  return [...readFileSync(path, "utf8").matchAll(pattern)].map((match) => match[1]);
}

function usedIcons() {
  const names = new Set();
  for (const folder of SEARCHED.map((name) => join(root, name)).filter(existsSync)) {
    for (const path of filesUnder(folder)) namesIn(path, NAMED).forEach((name) => names.add(name));
  }
  for (const table of TABLES) namesIn(join(root, table), QUOTED).forEach((name) => names.add(name));
  return [...names].sort();
}

function copyIcons() {
  const source = join(modules, "@tabler", "icons", "icons", "outline");
  let copied = 0;
  for (const name of usedIcons()) {
    const file = join(source, `${name}.svg`);
    if (!existsSync(file)) continue;
    copyFileSync(file, join(vendor, "icons", `${name}.svg`));
    copied += 1;
  }
  return copied;
}

function copyFonts() {
  const faces = FONTS.map(({ family, from, file }) => {
    copyFileSync(join(modules, "@fontsource-variable", from, "files", file), join(vendor, "fonts", file));
    return `@font-face{font-family:"${family}";src:url("fonts/${file}") format("woff2");font-weight:200 900;font-display:swap;unicode-range:${LATIN}}`;
  });
  writeFileSync(join(vendor, "fonts.css"), `${faces.join("\n")}\n`);
}

if (!existsSync(join(modules, "@tabler"))) {
  console.error("node_modules is not there yet. Run: npm ci --ignore-scripts");
  process.exit(1);
}
rmSync(vendor, { recursive: true, force: true });
mkdirSync(join(vendor, "icons"), { recursive: true });
mkdirSync(join(vendor, "fonts"), { recursive: true });
copyFonts();
console.log(`Copied ${FONTS.length} fonts and ${copyIcons()} icons into trustfund/static/vendor.`);
