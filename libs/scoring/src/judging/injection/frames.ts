import { GAP, type SignGroup, sign } from './sign.js';

const JUDGE =
  '(?:ai |llm |automatic |automated )?(?:grader|judge|evaluator|scorer|assessor|rater|scoring (?:model|system|engine))';
const OTHER_JUDGES =
  '(?:evaluador|calificador|juez|avaliador|valutatore|evaluateur|correcteur|bewerter|gutachter|prufer|beoordelaar|оценщик|评分(?:员|者|系统|模型)|評分(?:員|者|系統)|採点者|評価者|채점자|평가자|المقيم|मूल्यांकनकर्ता)';

/** Talking to the judge, or pretending to be what stands around the data: its frame, its rules or its own answer. */
export const FRAMES: readonly SignGroup[] = [
  {
    hint: /grader|judge|evaluator|scorer|assessor|rater|scoring|llm|language model|are an? ai|<|inst\]|system|developer|assistant|untrusted|candidate|user|"score"/u,
    signs: [
      sign(
        'addresses_the_judge',
        `\\b(?:note|message|attention|dear|hint|memo|instructions?|reminder)(?: (?:to|for))?(?: (?:the|any|all|whichever))?,? ${JUDGE}s?\\b`,
      ),
      sign(
        'addresses_the_judge',
        `\\b(?:you are|act as|as|behave as|pretend to be) (?:now )?(?:a|an|the) (?:very |extremely )?(?:lenient|generous|kind|helpful)?,? ?${JUDGE}\\b${GAP}\\b(?:must|should|score|give|award|always)`,
      ),
      sign('addresses_the_judge', `\\bif you (?:are|\u2019re|'re) (?:an? |the )?(?:ai|llm|language model|${JUDGE})\\b`),
      sign(
        'forged_frame',
        '<\\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id)\\|>|\\[/?inst\\]|<</?sys>>',
      ),
      sign(
        'forged_frame',
        '</?(?:system|untrusted|untrusted_data|candidate_data|instructions?|rubric|scoring)(?: [^<>]{0,80})?>',
      ),
      sign(
        'forged_frame',
        '\\b(?:end|begin|start)(?: of)?(?: the)? (?:untrusted|candidate|system|trusted|user)[ _-](?:data|input|message|prompt|content|material)',
      ),
      sign('forged_frame', '\\bsystem (?:prompt|message|override|instruction|note|notice|update) ?:'),
      sign(
        'forged_frame',
        '(?:^|\\n| |")(?:system|developer|assistant)"? ?: ?"?(?:you |ignore|score|give|award|the candidate|override|from now)',
      ),
      sign('forged_frame', '"role" ?: ?"(?:system|developer)"'),
      sign('forged_answer', '"score" ?: ?\\d+', '[^\\n]{0,400}', '"(?:rationale|evidence|confidence)"'),
      sign('forged_answer', '"(?:rationale|evidence|confidence)"', '[^\\n]{0,400}', '"score" ?: ?\\d+'),
    ],
  },
  {
    hint: new RegExp(OTHER_JUDGES, 'u'),
    signs: [
      sign('addresses_the_judge', OTHER_JUDGES, GAP, '(?:punt|punkt|point|note|nota|балл|оценк|分|点|점|درجة|अंक|max)'),
    ],
  },
];
