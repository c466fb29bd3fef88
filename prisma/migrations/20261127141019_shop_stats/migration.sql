-- CreateTable
CREATE TABLE "daily_category_stats" (
    "category_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "views" INTEGER NOT NULL DEFAULT 0,
    "units_sold" INTEGER NOT NULL DEFAULT 0,
    "revenue" DECIMAL(14,2) NOT NULL DEFAULT 0,

    CONSTRAINT "daily_category_stats_pkey" PRIMARY KEY ("category_id","day")
);

-- CreateTable
CREATE TABLE "monthly_category_stats" (
    "category_id" INTEGER NOT NULL,
    "month" DATE NOT NULL,
    "views" INTEGER NOT NULL DEFAULT 0,
    "units_sold" INTEGER NOT NULL DEFAULT 0,
    "revenue" DECIMAL(16,2) NOT NULL DEFAULT 0,

    CONSTRAINT "monthly_category_stats_pkey" PRIMARY KEY ("category_id","month")
);

-- CreateTable
CREATE TABLE "hourly_view_stats" (
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "views" INTEGER NOT NULL DEFAULT 0,
    "signed_in" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "hourly_view_stats_pkey" PRIMARY KEY ("hour")
);

-- CreateIndex
CREATE INDEX "daily_category_stats_of_day_idx" ON "daily_category_stats"("day", "category_id", "units_sold", "revenue");

-- CreateIndex
CREATE INDEX "monthly_category_stats_of_month_idx" ON "monthly_category_stats"("month", "category_id", "units_sold", "revenue");

-- CreateIndex
CREATE INDEX "daily_product_stats_of_day_idx" ON "daily_product_stats"("day");

-- AddForeignKey
ALTER TABLE "daily_category_stats" ADD CONSTRAINT "daily_category_stats_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "monthly_category_stats" ADD CONSTRAINT "monthly_category_stats_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

