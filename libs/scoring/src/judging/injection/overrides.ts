import { GAP, OTHER_SCRIPT, type SignGroup, sign } from './sign.js';

const EN_RULES = '(?:instruction|rule|prompt|guideline|rubric|criteri|direction|constraint|system message)';

/** "Ignore your instructions", in the languages models are most often addressed in. */
export const OVERRIDES: readonly SignGroup[] = [
  {
    hint: /instru|rule|prompt|guideline|rubric|criteri|direction|constraint|system message|above|before|told|reglas|regras|regole|regle|indicac|istruz|consigne|anweis|regel|vorgabe|kriteri|aanwijz|polece|zasad|talimat|kural|yonerge|aturan|perintah|huong dan|chi thi|quy tac/u,
    signs: [
      sign(
        'override_instructions',
        '\\b(?:ignore|disregard|forget|override|bypass|discard|do not follow|stop following)\\b',
        GAP,
        '\\b(?:previous|prior|above|earlier|preceding|all|any|your|these|those|the (?:grading|scoring|system|rubric))\\b',
        GAP,
        EN_RULES,
      ),
      sign(
        'override_instructions',
        '\\b(?:ignore|disregard|forget)\\b',
        GAP,
        '\\b(?:everything|anything)\\b',
        GAP,
        '\\b(?:above|before|told)\\b',
      ),
      sign('override_instructions', '\\b(?:new|updated|real|actual) (?:system )?instructions? (?:for (?:the|you)|:)'),
      // Spanish, Portuguese, Italian, French, German, Dutch, Polish, Turkish, Indonesian, Swedish
      sign(
        'override_instructions',
        '\\b(?:ignor[ae]|olvid[ae]|omit[ae]|descart[ae])\\w*\\b',
        GAP,
        '(?:instruccion|reglas|indicacion|criterio)',
      ),
      sign(
        'override_instructions',
        '\\b(?:ignor[ae]|esquec[ae]|desconsider[ae])\\w*\\b',
        GAP,
        '(?:instruc|regras|criterio)',
      ),
      sign(
        'override_instructions',
        '\\b(?:ignor[ai]|dimentic[ah]i?|trascur[ai])\\w*\\b',
        GAP,
        '(?:istruzion|regole|criteri)',
      ),
      sign(
        'override_instructions',
        '\\b(?:ignore[rz]?|oublie[rz]?|neglige[rz]?)\\b',
        GAP,
        '(?:instruction|consigne|regle|directive)',
      ),
      sign(
        'override_instructions',
        '\\b(?:ignorier|vergiss|vergesst|vergessen sie|missacht|ubergeh)\\w*\\b',
        GAP,
        '(?:anweisung|instruktion|regel|vorgabe|kriteri)',
      ),
      sign('override_instructions', '\\b(?:negeer|vergeet)\\b', GAP, '(?:instructie|regels|aanwijzing)'),
      sign('override_instructions', '\\b(?:zignoruj|ignoruj|zapomnij|pomin)\\b', GAP, '(?:instrukcj|polece|zasad)'),
      sign('override_instructions', '(?:talimat|kural|yonerge)', GAP, '(?:yok say|gormezden gel|unut|dikkate alma)'),
      sign('override_instructions', '\\b(?:abaikan|lupakan)\\b', GAP, '(?:instruksi|aturan|perintah)'),
      sign('override_instructions', '\\b(?:ignorera|glom)\\b', GAP, '(?:instruktion|regler)'),
      sign('override_instructions', '\\b(?:bo qua|quen)\\b', GAP, '(?:huong dan|chi thi|quy tac)'),
    ],
  },
  {
    hint: OTHER_SCRIPT,
    signs: [
      // Russian, Ukrainian, Greek, Arabic, Hebrew, Hindi, Chinese, Japanese, Korean, Vietnamese, Thai
      sign('override_instructions', '(?:игнорир|забуд|отмени|не обращай)', GAP, '(?:инструкц|правил|указан|команд)'),
      sign('override_instructions', '(?:ігнору|забуд)', GAP, '(?:інструкц|правил|вказів)'),
      sign('override_instructions', '(?:αγνοησ|αγνόησ|ξεχασ|ξέχασ)', GAP, '(?:οδηγι|οδηγί|κανον|κανόν)'),
      sign('override_instructions', '(?:تجاهل|انس)', GAP, '(?:التعليمات|تعليمات|الأوامر|القواعد)'),
      sign('override_instructions', '(?:התעלם|התעלמי|שכח)', GAP, '(?:הוראות|ההוראות|הנחיות|הכללים)'),
      sign('override_instructions', '(?:निर्देश|नियम)', GAP, '(?:अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल)'),
      sign(
        'override_instructions',
        '(?:忽略|无视|無視|忘记|忘記|忘掉|不要遵守)',
        '[^\\n]{0,20}',
        '(?:指令|指示|规则|規則|说明|說明|提示|要求)',
      ),
      sign('override_instructions', '(?:指示|命令|ルール|プロンプト)', '[^\\n]{0,20}', '(?:無視|忘れ|従わ)'),
      sign('override_instructions', '(?:지시|명령|규칙|지침)', '[^\\n]{0,20}', '(?:무시|잊)'),
      sign('override_instructions', '(?:เพิกเฉย|ละเว้น|ลืม)', GAP, '(?:คำสั่ง|คำแนะนำ|กฎ)'),
    ],
  },
];
