import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public } from '../../http/access/access.decorators.js';
import { CreatedAt } from '../../http/envelope/response.decorators.js';
import { Fails, Gives } from '../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { Origin } from '../../http/request/origin.decorator.js';
import { USERNAME_TAKEN } from '../users/users.errors.js';
import {
  AUTH_CODE_INVALID,
  AUTH_INVALID_CREDENTIALS,
  AUTH_PASSWORD_POLICY,
  AUTH_REFRESH_INVALID,
  AUTH_REFRESH_REUSED,
  AUTH_REGISTRATION_CLOSED,
  AUTH_USER_EXISTS,
} from './auth.errors.js';
import {
  CodeSentResponse,
  ForgotPasswordDto,
  LoggedOutResponse,
  LoginDto,
  LoginResponse,
  LogoutDto,
  MeResponse,
  PasswordResetResponse,
  RefreshDto,
  RegisterDto,
  RegisteredResponse,
  ResetPasswordDto,
  TokensResponse,
} from './dto/auth.dto.js';
import { PasswordResetService } from './password-reset.service.js';
import { RegistrationService } from './registration.service.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('Authentication')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly signIn: SignInService,
    private readonly passwordReset: PasswordResetService,
  ) {}

  /** Makes an account. */
  @Post(['register', 'signup'])
  @Public()
  @RateLimit('auth')
  @CreatedAt('/v1/user/profile')
  @Gives(RegisteredResponse, 201)
  @Fails(AUTH_PASSWORD_POLICY, AUTH_REGISTRATION_CLOSED, AUTH_USER_EXISTS, USERNAME_TAKEN)
  register(@Body() body: RegisterDto) {
    return this.registration.register(body);
  }

  /** Signs in with an address or a username. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @Gives(LoginResponse)
  @Fails(AUTH_INVALID_CREDENTIALS)
  login(@Body() body: LoginDto, @Origin() origin: Origin) {
    return this.signIn.login(body, origin);
  }

  /** Changes a refresh token, once, for new tokens. */
  @Post('refresh')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @Gives(TokensResponse)
  @Fails(AUTH_REFRESH_INVALID, AUTH_REFRESH_REUSED)
  refresh(@Body() body: RefreshDto) {
    return this.signIn.refresh(body.refreshToken);
  }

  /** Ends a session. */
  @Post('logout')
  @HttpCode(200)
  @Gives(LoggedOutResponse)
  logout(@CurrentUser() user: CurrentUser, @Body() body: LogoutDto) {
    return this.signIn.logout(user, body.refreshToken);
  }

  /** Sends a code for a new password, if there is such an account. */
  @Post('forgot-password')
  @HttpCode(202)
  @Public()
  @RateLimit('auth')
  @Gives(CodeSentResponse, 202)
  forgotPassword(@Body() body: ForgotPasswordDto) {
    return this.passwordReset.start(body.email);
  }

  /** Sets a new password by a code, and ends all sessions. */
  @Post('reset-password')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @Gives(PasswordResetResponse)
  @Fails(AUTH_CODE_INVALID, AUTH_PASSWORD_POLICY)
  resetPassword(@Body() body: ResetPasswordDto) {
    return this.passwordReset.finish(body);
  }

  /** Who is signed in. */
  @Get(['me', 'user'])
  @Gives(MeResponse)
  getCurrentUser(@CurrentUser() user: CurrentUser) {
    return this.signIn.me(user.id);
  }
}
