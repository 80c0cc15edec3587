import { IsString, Length } from 'class-validator';

export class CalendarQuery {
  /** As `POST /quests/calendar-token` gave it. */
  @IsString()
  @Length(1, 100)
  token!: string;
}

export class CalendarUrlResponse {
  /** Whoever has it sees the calendar. */
  url!: string;
}

export class CalendarRevokedResponse {
  /** Whether there was an address. */
  revoked!: boolean;
}
