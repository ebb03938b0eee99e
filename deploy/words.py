"""What the launcher says to the person who starts the portal."""

ALREADY_RUNNING = """\
Cổng đang chạy với thư mục dữ liệu {folder}.
Hãy dừng nó bằng Ctrl-C ở cửa sổ đang chạy, hoặc chạy bản thứ hai với thư mục và số cổng khác:
    make {mode} DATA_DIR=./data-2 PORT={port}"""
PORT_BUSY = """\
Số cổng {port} đang có chương trình khác dùng. Hãy chọn số khác, ví dụ:
    make {mode} PORT={free}"""
PORT_FORBIDDEN = """\
Máy không cho mở số cổng {port}. Hãy chọn số từ 1024 đến 65535, ví dụ:
    make {mode} PORT=8000"""
NOT_WRITABLE = """\
Không ghi được vào thư mục dữ liệu {folder} ({reason}).
Hãy cấp quyền ghi, hoặc chọn thư mục khác: make {mode} DATA_DIR=./data"""
NO_SPACE = """\
Ổ đĩa chứa thư mục dữ liệu {folder} chỉ còn {free} MB, cần ít nhất {needed} MB.
Hãy dọn bớt rồi chạy lại make {mode}."""
BAD_SETTINGS = "Cấu hình chưa dùng được: {error}"
NOT_PREPARED = """\
Chưa chuẩn bị xong dữ liệu. Nguyên nhân ghi ở những dòng trên; sửa xong hãy chạy lại make {mode}."""
WATCHER_DIED = "Chương trình trông coi các tiến trình đã dừng đột ngột. Xem {logs}/supervisord.log."
NOT_WELL = """\
Sau {seconds} giây vẫn còn phần chưa hoạt động:
{parts}
Cổng tiếp tục thử lại. Nhật ký ở {logs}."""
WELCOME = """\

Cổng danh hiệu học tập đang chạy tại  http://{host}:{port}
Nhật ký: {logs}
Dừng: nhấn Ctrl-C"""
LOGINS = """\

Tài khoản dùng thử (mật khẩu chung: hoctapsuotdoi)
    congdan        công dân, nhóm I
    hocsinh        học sinh, nhóm IV
    bankhuyenhoc   ban khuyến học của một đơn vị
    chihoi         ban khuyến học của một thôn
    bandonghai     ban khuyến học một thôn có hai người
    phodonghai     người thứ hai của ban ấy
    truongho       người đại diện một dòng họ
    hoixa          hội khuyến học xã
    hoitinh        hội khuyến học tỉnh Hà Tĩnh
    trunguong      trung ương hội
    quantri        quản trị"""
STARTING = "Đang khởi động cổng…"
ALL_WELL = "\nCơ sở dữ liệu, hàng đợi, xử lý việc nền và hẹn giờ đều hoạt động."
WEB_SILENT = "Phần web chưa trả lời."
STOPPING = "\nĐang dừng…"
STOPPED = "Đã dừng."
