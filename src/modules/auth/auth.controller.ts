import { Body, Controller, Get, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AttemptedAuth, CurrentUser, Public } from '../../http/access/access.decorators.js';
import { CreatedAt } from '../../http/envelope/response.decorators.js';
import { AUTH_NOT_ADMITTED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { IgnoresIdempotencyKey } from '../../http/idempotency/idempotent.decorator.js';
import { Fails, Gives, MayGiveAccepted, Takes } from '../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { Origin } from '../../http/request/origin.decorator.js';
import { RevokedResponse } from '../users/dto/user.dto.js';
import { USER_EXISTS, USERNAME_TAKEN } from '../users/users.errors.js';
import {
  AUTH_ACCESS_TOKEN_REQUIRED,
  AUTH_CHALLENGE_FAILED,
  AUTH_CODE_INVALID,
  AUTH_INVALID_CREDENTIALS,
  AUTH_INVITE_INVALID,
  AUTH_INVITE_REQUIRED,
  AUTH_NOT_CONFIRMED,
  AUTH_PASSWORD_POLICY,
  AUTH_PASSWORD_RESET_REQUIRED,
  AUTH_REFRESH_INVALID,
  AUTH_REFRESH_REUSED,
  AUTH_REGISTRATION_CLOSED,
  AUTH_USER_EXISTS,
  AUTH_VALUE_REFUSED,
} from './auth.errors.js';
import {
  ChallengeDto,
  ChangePasswordDto,
  CodeSentResponse,
  ConfirmDto,
  ConfirmedResponse,
  EmailDto,
  LoggedOutResponse,
  LoginDto,
  SignInResponse,
  LogoutDto,
  MeResponse,
  PasswordChangedResponse,
  PasswordResetResponse,
  RefreshDto,
  RegisterDto,
  RegistrationAcceptedResponse,
  RegisteredResponse,
  ResetPasswordDto,
  TokensResponse,
} from './dto/auth.dto.js';
import { PasswordsService } from './passwords.service.js';
import { RefreshCookie } from './refresh-cookie.interceptor.js';
import { RegistrationService } from './registration.service.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { AlwaysSteadyTime, SteadyTime } from './steady-time.interceptor.js';

@ApiTags('Authentication')
@Controller('auth')
@IgnoresIdempotencyKey()
export class AuthController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordsService,
  ) {}

  /** Makes an account. Where answers keep secret who has one, a 202 that is the same for everybody. */
  @Post(['register', 'signup'])
  @Public()
  @RateLimit('auth')
  @UseInterceptors(SteadyTime)
  @CreatedAt('/v1/user/profile')
  @Takes({ email: 'ada@example.com', password: 'Corr3ct-horse', name: 'Ada Example', username: 'ada' })
  @Gives(RegisteredResponse, 201)
  @MayGiveAccepted(RegistrationAcceptedResponse)
  @Fails(AUTH_PASSWORD_POLICY, AUTH_VALUE_REFUSED, AUTH_USER_EXISTS, USERNAME_TAKEN, WRITE_CONFLICT)
  @Fails(AUTH_REGISTRATION_CLOSED, AUTH_INVITE_REQUIRED, AUTH_INVITE_INVALID)
  register(@Body() body: RegisterDto, @Origin() origin: Origin) {
    return this.registration.register(body, origin);
  }

  /** Confirms an address by the code that was mailed to it. */
  @Post('confirm')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @UseInterceptors(SteadyTime)
  @Gives(ConfirmedResponse)
  @Fails(AUTH_CODE_INVALID, AUTH_USER_EXISTS, AUTH_NOT_ADMITTED, WRITE_CONFLICT)
  confirmAddress(@Body() body: ConfirmDto, @Origin() origin: Origin) {
    return this.registration.confirm(body, origin);
  }

  /** Mails another code, if there is an account that waits for one. */
  @Post('resend-confirmation')
  @HttpCode(202)
  @Public()
  @RateLimit('auth')
  @UseInterceptors(SteadyTime)
  @Gives(CodeSentResponse, 202)
  resendConfirmation(@Body() { email }: EmailDto, @Origin() origin: Origin) {
    return this.registration.resend(email, origin);
  }

  /** Signs in with an address or a username; a second factor is asked for by a challenge. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @UseInterceptors(SteadyTime, RefreshCookie)
  @Takes({ email: 'ada@example.com', password: 'Corr3ct-horse' })
  @Gives(SignInResponse)
  @Fails(AUTH_INVALID_CREDENTIALS, AUTH_NOT_CONFIRMED, AUTH_PASSWORD_RESET_REQUIRED)
  @Fails(AUTH_NOT_ADMITTED, AUTH_INVITE_INVALID, USER_EXISTS, WRITE_CONFLICT)
  login(@Body() body: LoginDto, @Origin() origin: Origin) {
    return this.signIn.login(body, origin);
  }

  /** Answers what the login asked for. */
  @Post('login/challenge')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @UseInterceptors(RefreshCookie)
  @Gives(SignInResponse)
  @Fails(AUTH_CHALLENGE_FAILED, AUTH_PASSWORD_POLICY, AUTH_NOT_CONFIRMED, AUTH_PASSWORD_RESET_REQUIRED)
  @Fails(AUTH_USER_EXISTS, WRITE_CONFLICT, AUTH_NOT_ADMITTED, AUTH_INVITE_INVALID, USER_EXISTS)
  answerChallenge(@Body() body: ChallengeDto, @Origin() origin: Origin) {
    return this.signIn.answerChallenge(body, origin);
  }

  /** Changes a refresh token for new tokens. A used one is answered with its successor for some seconds. */
  @Post('refresh')
  @Takes({ refreshToken: 'Zm9yIG9uZSByZWZyZXNo' })
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @UseInterceptors(RefreshCookie)
  @Gives(TokensResponse)
  @Fails(AUTH_REFRESH_INVALID, AUTH_REFRESH_REUSED, AUTH_NOT_ADMITTED)
  refresh(@Body() { refreshToken }: RefreshDto, @Origin() origin: Origin) {
    return this.signIn.refresh(refreshToken, origin);
  }

  /** Ends a session, by its refresh token or by an access token. The refresh token alone will do (RFC 7009). */
  @Post('logout')
  @HttpCode(200)
  @AttemptedAuth()
  @RateLimit('auth')
  @UseInterceptors(RefreshCookie)
  @Gives(LoggedOutResponse)
  logout(
    @CurrentUser() user: CurrentUser | undefined,
    @Body() { refreshToken }: LogoutDto,
    @Origin() origin: Origin,
  ) {
    return this.signIn.logout(user, refreshToken, origin);
  }

  /** Ends all sessions, this one included, and revokes what lets in without a sign-in, such as the address of a calendar. */
  @Post('logout-all')
  @HttpCode(200)
  @Gives(RevokedResponse)
  @Fails(WRITE_CONFLICT)
  logoutAll(@CurrentUser() user: CurrentUser, @Origin() origin: Origin) {
    return this.sessions.removeAll(user, origin);
  }

  /** Mails a code and a link for a new password, if there is such an account. */
  @Post('forgot-password')
  @HttpCode(202)
  @Public()
  @RateLimit('auth')
  @UseInterceptors(AlwaysSteadyTime)
  @Gives(CodeSentResponse, 202)
  forgotPassword(@Body() { email }: EmailDto, @Origin() origin: Origin) {
    return this.passwords.startReset(email, origin);
  }

  /** Sets a new password by a code or a link, and ends all sessions and what lets in without a sign-in. */
  @Post('reset-password')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @UseInterceptors(SteadyTime)
  @Takes({ email: 'ada@example.com', code: '123456', newPassword: 'Corr3ct-pony' })
  @Gives(PasswordResetResponse)
  @Fails(AUTH_CODE_INVALID, AUTH_PASSWORD_POLICY, AUTH_NOT_ADMITTED, WRITE_CONFLICT)
  resetPassword(@Body() body: ResetPasswordDto, @Origin() origin: Origin) {
    return this.passwords.finishReset(body, origin);
  }

  /** Sets a new password, and ends all other sessions. */
  @Post('change-password')
  @HttpCode(200)
  @RateLimit('auth')
  @Gives(PasswordChangedResponse)
  @Fails(AUTH_INVALID_CREDENTIALS, AUTH_PASSWORD_POLICY, AUTH_ACCESS_TOKEN_REQUIRED)
  @Fails(AUTH_PASSWORD_RESET_REQUIRED)
  changePassword(
    @CurrentUser() user: CurrentUser,
    @Body() body: ChangePasswordDto,
    @Origin() origin: Origin,
  ) {
    return this.passwords.change(user, body, origin);
  }

  /** Who is signed in. */
  @Get(['me', 'user'])
  @Gives(MeResponse)
  getCurrentUser(@CurrentUser() user: CurrentUser) {
    return this.signIn.me(user.id);
  }
}
