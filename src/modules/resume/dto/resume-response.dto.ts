export class ResumeLocation {
  address?: string;
  postalCode?: string;
  city?: string;
  countryCode?: string;
  region?: string;
}

export class ResumeProfile {
  network!: string;
  username?: string;
  url?: string;
}

export class ResumeBasics {
  name?: string;
  label?: string;
  image?: string;
  email?: string;
  phone?: string;
  url?: string;
  summary?: string;
  location?: ResumeLocation;
  profiles?: ResumeProfile[];
}

export class ResumeWork {
  name!: string;
  location?: string;
  description?: string;
  position?: string;
  url?: string;
  startDate?: string;
  endDate?: string;
  summary?: string;
  highlights?: string[];
}

export class ResumeEducation {
  institution!: string;
  url?: string;
  area?: string;
  studyType?: string;
  startDate?: string;
  endDate?: string;
  score?: string;
  courses?: string[];
}

export class ResumeSkill {
  name!: string;
  level?: string;
  keywords?: string[];
}

/** What the owner has written. */
export class ResumeSectionsResponse {
  basics!: ResumeBasics;
  work!: ResumeWork[];
  education!: ResumeEducation[];
  skills!: ResumeSkill[];
  version!: number;
}

export class ResumeProject {
  name!: string;
  description!: string;
  keywords!: string[];
  url?: string;
  entity?: string;
}

export class ResumeCertificate {
  name!: string;
  issuer!: string;
  /** @format date */
  date!: string;
  url?: string;
}

export class ResumeMeta {
  canonical!: string;
  /** Of the JSON Resume schema. */
  version!: string;
}

/** A JSON Resume (jsonresume.org, v1.0.0). */
export class ResumeDocument {
  $schema!: string;
  basics!: ResumeBasics;
  work!: ResumeWork[];
  education!: ResumeEducation[];
  skills!: ResumeSkill[];
  projects!: ResumeProject[];
  certificates!: ResumeCertificate[];
  meta!: ResumeMeta;
}
