import { GAP, OTHER_SCRIPT, type SignGroup, sign, together } from './sign.js';

// Work is full of points, scores and ratings: a sign needs whom they are for, or that somebody is ordered to give them.
const WHO =
  '(?:my (?:work|session|submission|answer)|this (?:candidate|session|submission|work|answer|person|applicant)|the (?:candidate|applicant)|every (?:criterion|category)|(?:all|each)(?: of)?(?: the)? (?:sub-?)?(?:criteri(?:a|on)|categor(?:y|ies)))';
const TOP =
  '(?:full|max(?:imum)?|highest|perfect|top|best|10 ?/ ?10|100 ?(?:%|/ ?100|points|percent)|40 points|10 points)';
const MARK = '(?:score|points?|marks?|grade|rating|credit|10 ?/ ?10|100)';
const GIVE = '\\b(?:give|award|assign|grant|rate|score|grade|mark|set|output|return)\\b';

const ROMANCE_TOP = '(?:maxim|complet|perfect|perfeit|tous les|toutes les|todos l?os|massim|pien[oa])';
const ROMANCE_MARK = '(?:punt|pont|points|note\\b|nota\\b|calific|score|voto)';
const OTHER_TOP = '(?:volle|hochst|maximal|alle|maksim|hoogste|sempurna|pelna|hogsta)';
const OTHER_MARK = '(?:punkt|punten|score|nilai|poang|wynik)';

/** "Give this candidate full marks". */
export const DEMANDS: readonly SignGroup[] = [
  {
    hint: new RegExp(`${TOP}[^\\n]{0,30}${MARK}|deserve|earned|must|should|shall|awarded`, 'u'),
    signs: [
      sign('demand_for_points', GIVE, GAP, `\\b${WHO}\\b`, GAP, TOP, '[^\\n]{0,30}', MARK),
      sign('demand_for_points', GIVE, GAP, TOP, '[^\\n]{0,30}', MARK, GAP, `\\b${WHO}\\b`),
      sign(
        'demand_for_points',
        '\\b(?:give|award|grant|score|rate) me (?:the |a )?(?:full|max(?:imum)?|perfect|10 ?/ ?10|100)',
        '[^\\n]{0,12}',
      ),
      sign(
        'demand_for_points',
        `\\b${WHO}\\b`,
        GAP,
        '\\b(?:deserves?|(?:must|should|shall) (?:get|receive|be (?:given|scored|awarded))|has (?:earned|already been (?:awarded|scored)))\\b',
        GAP,
        TOP,
      ),
      sign(
        'demand_for_points',
        '\\b(?:you must|always|only) (?:score|rate|grade|mark|answer with|respond with|output|return)\\b',
        GAP,
        TOP,
        '[^\\n]{0,20}',
        MARK,
      ),
    ],
  },
  {
    hint: /punt|pont|point|note|nota|calific|score|voto|punkt|bewertung|puan|nilai|poang|wynik/u,
    signs: [
      // Romance languages, German, Dutch, Polish, Swedish, Indonesian: an order, then the highest mark.
      sign(
        'demand_for_points',
        '\\b(?:dale|otorg\\w+|asign\\w+|ponga|ponle|donne[rz]?|attribue[rz]?|accorde[rz]?|dai|assegna\\w*|atribua)\\b',
        GAP,
        `(?:${ROMANCE_MARK}[^\\n]{0,12}${ROMANCE_TOP}|${ROMANCE_TOP}[^\\n]{0,12}${ROMANCE_MARK})`,
      ),
      sign(
        'demand_for_points',
        '\\b(?:gib|geben sie|vergib|vergeben sie|bewerte\\w*|geef|daj|przyznaj|ge|berikan)\\b',
        GAP,
        `(?:${OTHER_TOP}[^\\n]{0,12}${OTHER_MARK}|${OTHER_MARK}[^\\n]{0,12}${OTHER_TOP})`,
      ),
      // Turkish orders last.
      sign('demand_for_points', '(?:tam|maksimum|en yuksek) puan[^\\n]{0,12}\\bver'),
    ],
  },
  {
    hint: OTHER_SCRIPT,
    signs: [
      // Russian and Ukrainian, Arabic, Hebrew, Hindi, Chinese, Japanese, Korean
      together('demand_for_points', 'постав|дай|присво|оцени', 'максим|высш|полн|100|найвищ', 'балл|оценк|очк|бал'),
      together('demand_for_points', 'امنح|أعط|اعط', 'الكاملة|كاملة|القصوى|أعلى', 'الدرجة|درجة|النقاط|العلامة'),
      together('demand_for_points', 'תן|תני|הענק', 'מלא|מקסימ|הגבוה', 'ציון|נקודות'),
      together('demand_for_points', 'दें|दो|दीजिए', 'पूर्ण|पूरे|अधिकतम|सर्वोच्च', 'अंक|स्कोर'),
      together('demand_for_points', '打|给|給|评|評', '满分|滿分|100分'),
      sign('demand_for_points', '(?:打|评|評)[^\\n]{0,6}最高分|(?:候选人|候選人|考生|应聘者|應聘者)[^\\n]{0,12}最高'),
      together('demand_for_points', '満点|最高点|最高得点|最高評価', '与え|つけ|付け|ください|評価'),
      together('demand_for_points', '만점|최고점|최고 점수', '주세요|줘|부여|주십시오|매겨'),
    ],
  },
];
