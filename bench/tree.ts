// A tree of files like a large project's, the same each time it is made.
import { mkdirSync, writeFileSync } from "node:fs";

export const FILES = 50_000;
const FOLDERS = 2_000;
/** In some of the files, for searches. */
export const RARE = "needleHaystack";
export const FREQUENT = "throw new Frequent42Error(code);";
const RARE_EVERY = 2_500;
const FREQUENT_EVERY = 35;

const WORDS =
  ("const let return function value index result error config handler request response " +
    "server client buffer stream parse format create update delete select insert promise async await " +
    "import export default class extends interface type string number boolean undefined null")
    .split(" ");

/** Texts of 2 to 8 KB, 25 in each folder; git is told to ignore names that none of them has. */
export function makeTree(path: string): void {
  const random = randomFrom(12_345);
  const folders = Array.from({ length: FOLDERS }, (_, index) => {
    const folder = `${path}/package${index % 20}/module${Math.floor(index / 20) % 10}/part${index}`;
    mkdirSync(folder, { recursive: true });
    return folder;
  });
  mkdirSync(`${path}/.git/info`, { recursive: true });
  writeFileSync(`${path}/.git/info/exclude`, "*.log\n*.tmp\n.env\n/out/\nvendor/\n!keep.log\n");
  for (let index = 0; index < FILES; index++) {
    const extra = [
      ...(index % RARE_EVERY === 7 ? [`const ${RARE} = 1;\n`] : []),
      ...(index % FREQUENT_EVERY === 3 ? [`  ${FREQUENT}\n`] : []),
    ];
    writeFileSync(`${folders[index % FOLDERS]}/file${index}.ts`, textOf(random) + extra.join(""));
  }
}

function textOf(random: () => number): string {
  const size = 2_000 + random() * 6_000;
  let text = "";
  while (text.length < size) {
    const words = Array.from({ length: 3 + random() * 8 }, () => wordOf(random));
    text += `${"  ".repeat(random() * 4)}${words.join(" ")}\n`;
  }
  return text;
}

function wordOf(random: () => number): string {
  const word = WORDS[Math.floor(random() * WORDS.length)] ?? "";
  return random() < 0.1 ? `${word}(` : word;
}

/** From 0 to 1, evenly enough for words. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
