/** What the demo's organization is made of: tasks, people, and the words of their sessions. */

export interface DemoAssessment {
  readonly fields: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly kind: 'deck' | 'code';
  readonly questions: readonly string[];
  readonly answers: readonly string[];
  readonly documents: readonly string[];
  readonly files: readonly string[];
  readonly commands: readonly string[];
}

export const ASSESSMENTS: readonly DemoAssessment[] = [
  {
    kind: 'deck',
    fields: {
      name: 'Senior PM: why are customers leaving?',
      role: 'Senior Product Manager',
      taskPrompt:
        'Churn rose from 2.1 % to 3.4 % in two quarters. From the interviews, the usage export and the support inbox, find the ' +
        'two causes that matter and propose what to do next quarter. Deliver at most six slides for the leadership team.',
      deliverableType: 'pptx',
      setupTimeMinutes: 10,
      taskTimeMinutes: 60,
    },
    questions: [
      'Which segments lost the most revenue in Q3?',
      'Summarise the eight exit interviews in five themes, with how often each came up.',
      'Is the drop in weekly active teams before or after the price change?',
      'Draft a headline for slide 2 that says the finding, not the topic.',
      'What would a sceptical CFO ask about this chart?',
      'Compare churn of teams with and without the new onboarding.',
      'Shorten slide 4 to three lines.',
      'Which of these numbers did you take from the export, and which did you assume?',
    ],
    answers: [
      'Teams of 3–10 seats account for 61 % of the lost revenue; the median was in its fifth month.',
      'Five themes: price after the change (6 of 8), missing import (4), slow support (3), champion left (2), not used (2).',
      'Weekly active teams fall three weeks before the price change, so price alone does not explain it.',
      'Proposed headline: "Small teams leave in month five, before the price change reaches them".',
      'They would ask whether the cohort is large enough (n = 212) and whether seasonality was taken out.',
      'With the new onboarding 2.6 % churn, without 4.1 %; the groups differ in size, so treat it as a hint.',
      'The counts come from the export, rows 14–230. The seat price of 29 is my assumption; please check it.',
    ],
    documents: ['exit-interviews.pdf', 'usage-export-q3.csv', 'support-inbox', 'pricing-change-memo'],
    files: ['churn-deck'],
    commands: ['pivot usage-export-q3.csv by team_size', 'chart churn by month'],
  },
  {
    kind: 'code',
    fields: {
      name: 'Backend engineer: the importer that loses rows',
      role: 'Backend Engineer',
      taskPrompt:
        'The nightly CSV import loses rows when a file has blank lines. Reproduce it with a test, mend it, and say in a short ' +
        'note how you made sure that nothing else broke.',
      deliverableType: 'docx',
      // Scored when somebody asks: so that submitted sessions can be seen, too.
      autoScore: false,
      setupTimeMinutes: 5,
      taskTimeMinutes: 90,
    },
    questions: [
      'Where does the importer decide that a row is finished?',
      'Write a failing test for a file with two blank lines in the middle.',
      'Why does the count differ between the log and the table?',
      'Mend it without changing the public function.',
      'Run the whole suite and tell me what changed.',
      'Is there another caller that relies on blank rows?',
      'Review your own diff: what would you object to?',
    ],
    answers: [
      'In `rows()`: it stops at the first empty line, which is also how it finds the end of the file.',
      'I added `keeps_rows_after_blank_lines`; it fails with 3 rows instead of 7.',
      'The log counts lines read, the table counts rows kept; the difference is the rows after the blank line.',
      'The generator now skips blank lines and ends at end of input. The signature is unchanged.',
      'All 48 tests pass, the new one included. Two ran slower, none was skipped.',
      'Yes: `preview()` passes blank rows through on purpose. I left it alone and added a test that says so.',
    ],
    documents: ['importer-runbook', 'incident-1042', 'sample-broken.csv'],
    files: ['src/importer.py', 'tests/test_importer.py', 'NOTES.md'],
    commands: [
      'pytest -q',
      'pytest tests/test_importer.py',
      'ruff check src',
      'python -m importer sample-broken.csv',
      'git diff',
    ],
  },
];

const FIRST = [
  'Amara',
  'Björn',
  'Chen',
  'Dalia',
  'Emeka',
  'Freya',
  'Gustavo',
  'Hana',
  'Ibrahim',
  'Jana',
  'Kofi',
  'Lucía',
  'Mateo',
  'Nadia',
  'Oskar',
  'Priya',
  'Quentin',
  'Rosa',
  'Sanjay',
  'Thandi',
  'Umut',
  'Vera',
  'Wei',
  'Ximena',
  'Yusuf',
];
const LAST = ['Okafor', 'Lindqvist', 'Haddad', 'Moreau', 'Tanaka', 'Fernández', 'Novak', 'Mensah', 'Iyer', 'Kowalski'];

/** The n-th person: fifty names that do not repeat. */
export function person(index: number): { name: string; email: string } {
  const name = `${FIRST[index % FIRST.length]} ${LAST[(index * 3 + Math.floor(index / FIRST.length)) % LAST.length]}`;
  const plain = name
    .normalize('NFD')
    .replace(/[^\w ]/g, '')
    .toLowerCase()
    .replace(' ', '.');
  return { name, email: `${plain}@demo.example` };
}
